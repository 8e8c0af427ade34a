import * as oauth from 'oauth4webapi'
import { authorizeInBrowser, discoverEmulator } from './emulator-sign-in.ts'

/** A client that binds its tokens to a key. */
export interface DpopClient {
  /** Signs in and exchanges the code with a proof, once more if the server asks for a nonce. */
  signIn(): Promise<oauth.TokenEndpointResponse>
  refresh(refreshToken: string): Promise<oauth.TokenEndpointResponse>
  /** GET with token and proof, once more if the server asks for a nonce. */
  get(url: string, accessToken: string): Promise<Response>
}

const insecure = { [oauth.allowInsecureRequests]: true }

export async function createDpopClient(issuer: string): Promise<DpopClient> {
  const client: oauth.Client = { client_id: 'telnyx-demo' }
  const server = await discoverEmulator(issuer)
  const DPoP = oauth.DPoP(client, await oauth.generateKeyPair('ES256'))

  async function withNonce<Result>(attempt: () => Promise<Result>): Promise<Result> {
    try {
      return await attempt()
    } catch (error) {
      if (!oauth.isDPoPNonceError(error)) throw error
      return attempt()
    }
  }

  return {
    async signIn() {
      const { callbackUrl, codeVerifier, state, redirectUri } = await authorizeInBrowser(issuer)
      const params = oauth.validateAuthResponse(server, client, callbackUrl, state)
      return withNonce(async () =>
        oauth.processAuthorizationCodeResponse(
          server,
          client,
          await oauth.authorizationCodeGrantRequest(
            server,
            client,
            oauth.None(),
            params,
            redirectUri,
            codeVerifier,
            { DPoP, ...insecure },
          ),
        ),
      )
    },
    refresh: (refreshToken) =>
      withNonce(async () =>
        oauth.processRefreshTokenResponse(
          server,
          client,
          await oauth.refreshTokenGrantRequest(server, client, oauth.None(), refreshToken, {
            DPoP,
            ...insecure,
          }),
        ),
      ),
    get: (url, accessToken) =>
      withNonce(() =>
        oauth.protectedResourceRequest(accessToken, 'GET', new URL(url), new Headers(), null, {
          DPoP,
          ...insecure,
        }),
      ),
  }
}
