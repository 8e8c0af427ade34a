// What must and what must not compile. Never run: compiling it is the test, and `npm run check` compiles it.
import {
  type AuthSnapshot,
  createTelnyxAuth,
  isTelnyxAuthError,
  type TelnyxAuth,
  type TelnyxAuthError,
  type TelnyxAuthEvent,
  type Token,
} from '@telnyx-oauth/core'
import { createTestAuth } from '@telnyx-oauth/core/testing'

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
/** Compiles only where the two types are the same. */
function same<A, B>(_answer: Same<A, B>): void {}

export function theSnapshotNarrowsByStatus(snapshot: AuthSnapshot): string {
  // @ts-expect-error somebody must be signed in for a token
  void snapshot.token
  // @ts-expect-error and for a session
  void snapshot.sessionId
  same<typeof snapshot.error, TelnyxAuthError | undefined>(true)
  switch (snapshot.status) {
    case 'pending':
      same<typeof snapshot.error, undefined>(true)
      return 'nothing is known'
    case 'signed-out':
      // @ts-expect-error nobody has a token
      void snapshot.token
      same<typeof snapshot.error, TelnyxAuthError | undefined>(true)
      return snapshot.error?.code ?? 'nobody'
    case 'signed-in':
      same<typeof snapshot.token, Token>(true)
      same<typeof snapshot.isStale, boolean>(true)
      // @ts-expect-error scopes are read-only
      snapshot.token.scopes.push('voice.write')
      return snapshot.sessionId
  }
}

export function aSnapshotIsReplacedAndNeverChanged(snapshot: AuthSnapshot): void {
  // @ts-expect-error it is read-only
  snapshot.status = 'signed-out'
}

export function aStatusThatDoesNotExistIsNoCase({ status }: AuthSnapshot): boolean {
  // @ts-expect-error it is written with a hyphen
  return status === 'signed_in'
}

export async function readyResolvesWithASnapshot(auth: TelnyxAuth): Promise<string> {
  const snapshot = await auth.ready()
  same<typeof snapshot, AuthSnapshot>(true)
  // @ts-expect-error the status was not looked at
  void snapshot.token
  return snapshot.status === 'signed-in' ? snapshot.token.accessToken : ''
}

export function eventsNarrowByType(event: TelnyxAuthEvent): number | string {
  // @ts-expect-error only some events are about a session
  void event.sessionId
  if (event.type === 'token-renewed') return event.expiresAtMs
  if (event.type === 'lock-waited') return event.waitedMs
  // @ts-expect-error there is no such event
  if (event.type === 'token-expired') return ''
  // @ts-expect-error no event carries a token
  return event.token ?? event.atMs
}

export function errorsHaveAClosedListOfCodes(error: unknown): boolean {
  // @ts-expect-error anything may be thrown
  void error.code
  // @ts-expect-error there is no such code
  return isTelnyxAuthError(error) && error.code === 'token_expired'
}

export function optionsAreChecked(): void {
  createTelnyxAuth({ clientId: 'app', redirectUri: '/callback', storage: 'memory', scope: ['voice.write'] })
  // @ts-expect-error the redirect URI is required
  createTelnyxAuth({ clientId: 'app' })
  // @ts-expect-error cookies are no storage
  createTelnyxAuth({ clientId: 'app', redirectUri: '/callback', storage: 'cookie' })
  // @ts-expect-error a public client has no secret
  createTelnyxAuth({ clientId: 'app', redirectUri: '/callback', clientSecret: 'secret' })
}

export function aTestClientIsAClientWithControls(): TelnyxAuth {
  const auth = createTestAuth({ status: 'signed-out' })
  auth.fail('network_error')
  // @ts-expect-error there is no such code
  auth.fail('offline')
  // @ts-expect-error there is no such status
  createTestAuth({ status: 'expired' })
  return auth
}
