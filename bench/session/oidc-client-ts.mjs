import { UserManager, WebStorageStateStore } from 'oidc-client-ts'

const { issuer, clientId, redirectUri } = globalThis.bench
const settings = {
  authority: issuer,
  metadataUrl: `${issuer}/.well-known/oauth-authorization-server`,
  client_id: clientId,
  redirect_uri: redirectUri,
  scope: 'billing.read',
  // Shared by all tabs, as ours is; by default each tab has a session of its own.
  userStore: new WebStorageStateStore({ store: localStorage }),
  automaticSilentRenew: false,
}
let manager

globalThis.contender = {
  create: () => {
    manager = new UserManager(settings)
  },
  // The library has no call that does both: this is what its documentation has an app do.
  token: async () => {
    let user = await manager.getUser()
    if (user?.expired) user = await manager.signinSilent()
    if (!user) throw new Error('signed out')
    return user.access_token
  },
  isBack: async () => {
    await manager.signinCallback()
    history.replaceState(null, '', location.pathname)
  },
  signIn: () => manager.signinRedirect(),
  refresh: () => manager.signinSilent(),
  signOut: async () => {
    // It wants JSON where RFC 7009 has an empty answer; the request is sent all the same.
    await manager.revokeTokens(['refresh_token']).catch(() => {})
    await manager.removeUser()
  },
  listen: (listener) => manager.events.addUserLoaded(listener),
}
