import {
  buildAuthorizationUrl,
  createTelnyxApi,
  exchangeAuthorizationCode,
  type TelnyxApi,
  type TokenResponse,
} from '@telnyx-oauth/api'
import { expect } from 'vitest'

/** An emulator somewhere, and a person in front of it. Nothing here needs Node, so a page can hold it too. */
export interface ApiBench {
  /** Without a trailing slash. */
  readonly issuer: string
  /** Signs in at an authorization URL. @returns the redirect URI, with the code in it */
  allow(authorizationUrl: string): Promise<string>
  /** Goes to an authorization URL and stops at the question. @returns the consent token */
  askedFor(authorizationUrl: string): Promise<string>
  close(): Promise<void>
}

export type Profile = 'live' | 'spec'

/** What the suites know about where they run. `issuer` and `api` are there once the bench is open. */
export interface ApiScene {
  readonly isLive: boolean
  /** The scopes that reading and changing need. */
  readonly read: string
  readonly write: string
  readonly issuer: string
  /** Calls with an API key, and never twice. */
  readonly api: TelnyxApi
  readonly codeVerifier: string
  withToken(accessToken: string): TelnyxApi
  signIn(scope?: string): Promise<TokenResponse>
  consentToken(scope: string): Promise<string>
  open(): Promise<void>
  close(): Promise<void>
}

/** How much the suites count on. */
export const SEED: { readonly clients: number; readonly grants: number } = { clients: 45, grants: 45 }
export const SERVICE: { readonly client_id: string; readonly client_secret: string } = {
  client_id: 'backend service',
  client_secret: 'p%:ss+word/=',
}
export const LIMITED: typeof SERVICE = { client_id: 'limited', client_secret: 'secret' }
export const APP: { readonly client_id: string } = { client_id: 'telnyx-demo' }
export const REDIRECT_URI = 'http://localhost:5173/callback'
export const API_KEY = 'KEY_EMULATOR_AVA'

const CODE_VERIFIER = 'a'.repeat(43)

export function createApiScene(profile: Profile, openBench: () => Promise<ApiBench>): ApiScene {
  const isLive = profile === 'live'
  const read = isLive ? 'authentication_and_access.read' : 'admin'
  const write = isLive ? 'account_management.write' : 'admin'
  let bench: ApiBench | undefined

  const opened = (): ApiBench => {
    if (!bench) throw new Error('the bench is not open yet')
    return bench
  }
  const apiWith = (token: string): TelnyxApi =>
    createTelnyxApi({ getAccessToken: () => token, baseUrl: `${opened().issuer}/v2`, maxRetries: 0 })
  const authorizationUrl = async (scope: string): Promise<string> =>
    buildAuthorizationUrl(apiWith(API_KEY), {
      ...APP,
      redirect_uri: REDIRECT_URI,
      scope,
      state: 'some state',
      code_challenge: await challengeOf(CODE_VERIFIER),
      code_challenge_method: 'S256',
    })

  return {
    isLive,
    read,
    write,
    codeVerifier: CODE_VERIFIER,
    get issuer() {
      return opened().issuer
    },
    get api() {
      const { issuer } = opened()
      return createTelnyxApi({ apiKey: API_KEY, baseUrl: `${issuer}/v2`, maxRetries: 0 })
    },
    withToken: apiWith,
    async signIn(scope = read) {
      const { searchParams } = new URL(await opened().allow(await authorizationUrl(scope)))
      expect(searchParams.get('state')).toBe('some state')
      return exchangeAuthorizationCode(apiWith(API_KEY), APP, {
        code: searchParams.get('code') ?? '',
        code_verifier: CODE_VERIFIER,
        redirect_uri: REDIRECT_URI,
      })
    },
    consentToken: async (scope) => opened().askedFor(await authorizationUrl(scope)),
    async open() {
      bench = await openBench()
    },
    close: async () => bench?.close(),
  }
}

async function challengeOf(codeVerifier: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(codeVerifier))
  return btoa(String.fromCharCode(...new Uint8Array(digest)))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')
}
