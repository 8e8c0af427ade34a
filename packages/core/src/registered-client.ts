/** A public client that a server registered for this browser. Frozen; holds no secret, for there is none. */
export interface RegisteredClient {
  readonly clientId: string
  /** The authorization server that it was registered at, and that alone knows it. */
  readonly issuer: string
  /** Absolute, as it was registered. */
  readonly redirectUri: string
  /** What it may ask for, as the server registered it: may be less than was asked for. */
  readonly scopes: readonly string[]
  /** As the server registered them: without `refresh_token`, sessions end with their access token. */
  readonly grantTypes: readonly string[]
  /**
   * Registers anew if `error` says that the server does not know this client any more (`invalid_client`). One call
   * counts for all tabs. A client that came from it is not replaced within a day: a server that refuses every client
   * must not make a loop.
   *
   * @returns the client to go on with, to sign in anew; `undefined` where `error` is another
   * @throws {TelnyxAuthError} as {@link registerClient}
   */
  readonly reregister: (error: unknown) => Promise<RegisteredClient | undefined>
}
