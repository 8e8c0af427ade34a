import type { StoragePort } from './storage.ts'

const prefix = 'telnyx-oauth-2 '
const instanceName = `${prefix}instance`

/** How long a page may take to let go of its lock, or a frozen one to say that it lives. */
const patienceMs = 3000

function read(name: string): unknown {
  const text = sessionStorage.getItem(name)
  try {
    return text === null ? undefined : JSON.parse(text)
  } catch {
    return text
  }
}

/** Whether this very page holds the lock `name`: another client of it may. */
async function isHeldHere(locks: LockManager, name: string): Promise<boolean> {
  const probe = prefix + crypto.randomUUID()
  return locks.request(probe, async () => {
    const { held = [] } = await locks.query()
    const holderOf = (wanted: string) => held.find((lock) => lock.name === wanted)?.clientId
    return holderOf(name) === holderOf(probe)
  })
}

/**
 * Makes this page the holder of `instance` for as long as it lives, unless another page is. The page before a reload
 * may still be letting go and is waited for; one that lives says so at once.
 *
 * @returns whether it is the holder
 */
async function hold(instance: string): Promise<boolean> {
  const name = prefix + instance
  const locks = globalThis.navigator?.locks
  if (!locks || (await isHeldHere(locks, name))) return true
  const channel = new BroadcastChannel(name)
  const stop = new AbortController()
  const timer = setTimeout(() => stop.abort(), patienceMs)
  const isHolder = await new Promise<boolean>((resolve) => {
    const keep = () => {
      resolve(true)
      return new Promise<never>(() => {})
    }
    locks.request(name, { signal: stop.signal }, keep).catch(() => resolve(false))
    channel.onmessage = ({ data }) => data === 'mine' && stop.abort()
    channel.postMessage('whose')
  })
  clearTimeout(timer)
  if (isHolder) {
    channel.onmessage = ({ data }) => data === 'whose' && channel.postMessage('mine')
    // Whoever asked before this page could answer.
    channel.postMessage('mine')
  } else channel.close()
  // Two clients of a page that start at once: one of them got the lock.
  return isHolder || isHeldHere(locks, name)
}

/**
 * `window.open` copies the session storage: two tabs would hold one refresh token, and the server would end the
 * session when the second one sends it. The copy keeps its access token and loses the refresh token.
 */
async function dropCopiedRefreshTokens(): Promise<void> {
  const instance = sessionStorage.getItem(instanceName)
  if (instance && (await hold(instance))) return
  const next = crypto.randomUUID()
  if (instance) {
    for (const name of Object.keys(sessionStorage).filter((key) => key.startsWith(prefix))) {
      const { refreshToken, ...rest } = (read(name) ?? {}) as { refreshToken?: unknown }
      if (refreshToken !== undefined) sessionStorage.setItem(name, JSON.stringify(rest))
    }
  }
  sessionStorage.setItem(instanceName, next)
  await hold(next)
}

/** Keeps records as JSON in `sessionStorage`: for this tab alone, across reloads. */
export function sessionStorageStorage(): StoragePort {
  let own: Promise<void> | undefined
  const ready = () => {
    own ??= dropCopiedRefreshTokens()
    return own
  }
  return {
    kind: 'session-storage',
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
