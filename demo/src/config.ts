interface Config {
  /** Issuer identifier of the authorization server. */
  readonly issuer: string
  /** Id of this app's public client. */
  readonly clientId: string
  /** Base of the Telnyx REST API, without a slash at the end. */
  readonly apiBase: string
  /** What the app asks for. */
  readonly scope: readonly string[]
  /** Whether the issuer is the local emulator, where accounts are made up. */
  readonly isEmulator: boolean
}

const env = import.meta.env

/** Where this console signs in and what for; `.env` has the defaults and says what each variable means. */
export const config: Config = {
  issuer: env.VITE_TELNYX_ISSUER,
  clientId: env.VITE_TELNYX_CLIENT_ID,
  apiBase: env.VITE_TELNYX_API.replace(/\/+$/, ''),
  scope: env.VITE_TELNYX_SCOPE.split(/\s+/).filter(Boolean),
  isEmulator: ['localhost', '127.0.0.1'].includes(new URL(env.VITE_TELNYX_ISSUER).hostname),
}
