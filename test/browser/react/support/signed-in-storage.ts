import type { StoragePort } from '@telnyx-oauth/core'
import type { LiveRecord } from '../../../../packages/core/src/model/record.ts'

/** Holds a session that lasts, whatever is asked for. */
export const signedInStorage: StoragePort = {
  kind: 'custom',
  read: async (key) => (key.endsWith('transactions') ? undefined : sessionRecord()),
  update: async (_key, change) => change(undefined) !== undefined,
  close: () => {},
}

/** Holds a session whose token has expired, and what is written to it. */
export function createExpiredStorage(): StoragePort {
  const expiresAtMs = Date.now() - 1
  const token = { accessToken: 'expired', expiresAtMs, scopes: [] }
  const session = { ...sessionRecord(expiresAtMs - 3_600_000), token, refreshToken: 'refresh-1' }
  const written = new Map<string, unknown>()
  const read = (key: string) => written.get(key) ?? (key.startsWith('[') ? session : undefined)
  return {
    kind: 'custom',
    read: async (key) => read(key),
    update: async (key, change) => {
      const next = change(read(key))
      if (next !== undefined) written.set(key, next)
      return next !== undefined
    },
    close: () => {},
  }
}

function sessionRecord(now = Date.now()): LiveRecord {
  return {
    v: 1,
    generation: 1,
    sessionId: 'session-1',
    issuer: 'https://api.telnyx.com',
    token: { accessToken: 'token-1', expiresAtMs: now + 3_600_000, scopes: [] },
    receivedAtMs: now,
    signedInAtMs: now,
    activeAtMs: now,
  }
}
