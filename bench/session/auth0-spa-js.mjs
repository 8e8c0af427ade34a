import { Auth0Client } from '@auth0/auth0-spa-js'

const { clientId, redirectUri } = globalThis.bench
const options = {
  // Its paths are fixed and those of Auth0: the site passes them on to the emulator.
  domain: location.origin,
  clientId,
  authorizationParams: { redirect_uri: redirectUri, scope: 'billing.read' },
  useRefreshTokens: true,
  // Shared by all tabs, as ours is.
  cacheLocation: 'localstorage',
}
let client

globalThis.contender = {
  create: () => {
    client = new Auth0Client(options)
  },
  token: () => client.getTokenSilently(),
  isBack: async () => {
    await client.handleRedirectCallback()
    history.replaceState(null, '', location.pathname)
  },
  signIn: () => client.loginWithRedirect(),
  refresh: () => client.getTokenSilently({ cacheMode: 'off' }),
  signOut: () => client.logout({ openUrl: false }),
}
