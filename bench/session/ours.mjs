import { createStore, get } from 'idb-keyval'
import { createTelnyxAuth } from '../../packages/core/src/index.ts'

const { issuer, clientId, redirectUri } = globalThis.bench
// Every tab is visible here, and would renew before the callers of the storm ask.
const options = { issuer, clientId, redirectUri, scope: 'billing.read', refreshAheadMs: 1 }
let auth

globalThis.contender = {
  create: () => {
    auth = createTelnyxAuth(options)
  },
  token: () => auth.getAccessToken(),
  isBack: async () => {
    await auth.ready()
  },
  signIn: () => auth.signIn({ returnTo: location.pathname }),
  refresh: () => auth.refresh(),
  signOut: () => auth.signOut(),
  listen: (listener) => auth.subscribe(listener),
}

/** What no session in IndexedDB can be quicker than: one read of the same record, in the same page. */
globalThis.readRecord = () => {
  const key = JSON.stringify([issuer, clientId, ''])
  return get(key, createStore('telnyx-oauth-2', 'records'))
}
