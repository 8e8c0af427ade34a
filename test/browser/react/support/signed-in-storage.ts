import type { StoragePort } from '@telnyx-oauth/core'
import type { LiveRecord } from '../../../../packages/core/src/model/record.ts'

/** Holds a session that lasts, whatever is asked for. */
export const signedInStorage: StoragePort = {
  kind: 'custom',
  read: async (key) => (key.endsWith('transactions') ? undefined : sessionRecord()),
  update: async (_key, change) => change(undefined) !== undefined,
  close: () => {},
}

function sessionRecord(): LiveRecord {
  const now = Date.now()
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
