import type { StoragePort } from './storage.ts'

const prefix = 'telnyx-oauth-1 '
const instanceName = `${prefix}instance`

/** How long the page before a reload may take to let go of its lock. */
const reloadGraceMs = 300

function read(name: string): unknown {
  const text = sessionStorage.getItem(name)
  try {
    return text === null ? undefined : JSON.parse(text)
  } catch {
    return text
  }
}

/** Holds the lock of this tab's instance for as long as the page lives. @returns whether another tab holds it */
async function isHeldElsewhere(instance: string): Promise<boolean> {
  const locks = globalThis.navigator?.locks
  if (!locks) return false
  return new Promise((resolve) => {
    const hold = () => {
      resolve(false)
      return new Promise<never>(() => {})
    }
    locks
      .request(prefix + instance, { signal: AbortSignal.timeout(reloadGraceMs) }, hold)
      .catch(() => resolve(true))
  })
}

/**
 * `window.open` copies the session storage: two tabs would hold one refresh token, and the server would end the
 * session when the second one sends it. The copy keeps its access token and loses the refresh token.
 */
async function dropCopiedRefreshTokens(): Promise<void> {
  const instance = sessionStorage.getItem(instanceName)
  if (instance && !(await isHeldElsewhere(instance))) return
  const next = crypto.randomUUID()
  if (instance) {
    for (const name of Object.keys(sessionStorage).filter((key) => key.startsWith(prefix))) {
      const { refreshToken, ...rest } = (read(name) ?? {}) as { refreshToken?: unknown }
      if (refreshToken !== undefined) sessionStorage.setItem(name, JSON.stringify(rest))
    }
  }
  sessionStorage.setItem(instanceName, next)
  await isHeldElsewhere(next)
}

/** Keeps records as JSON in `sessionStorage`: for this tab alone, across reloads. */
export function sessionStorageStorage(): StoragePort {
  let own: Promise<void> | undefined
  const ready = () => {
    own ??= dropCopiedRefreshTokens()
    return own
  }
  return {
    kind: 'session',
    read: async (key) => {
      await ready()
      return read(prefix + key)
    },
    update: async (key, change) => {
      await ready()
      const next = change(read(prefix + key))
      if (next === undefined) return false
      sessionStorage.setItem(prefix + key, JSON.stringify(next))
      return true
    },
    close: () => {},
  }
}
