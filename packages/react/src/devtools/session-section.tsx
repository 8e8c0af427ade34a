import type { SignedInSnapshot } from '@telnyx-oauth/core'
import { developerHint } from '@telnyx-oauth/core/messages'
import type { ReactElement } from 'react'
import { Fact, Section } from './section.tsx'
import type { Devtools } from './use-devtools.ts'
import { durationOf, stateOf, timeOf } from './words.ts'

/** The snapshot, without the token itself. */
export function SessionSection({ devtools }: { readonly devtools: Devtools }): ReactElement {
  const { snapshot, nowMs } = devtools
  const { error } = snapshot
  return (
    <Section title="Session">
      <dl>
        <Fact name="State">{stateOf(snapshot, nowMs)}</Fact>
        {snapshot.status === 'signed-in' && <TokenFacts snapshot={snapshot} nowMs={nowMs} />}
        {error && (
          <Fact name="Error">
            <code>{error.message}</code> {developerHint(error)}
          </Fact>
        )}
      </dl>
    </Section>
  )
}

interface TokenFactsProps {
  readonly snapshot: SignedInSnapshot
  readonly nowMs: number
}

function TokenFacts({ snapshot, nowMs }: TokenFactsProps): ReactElement {
  const { sessionId, token } = snapshot
  const { accessToken, expiresAtMs, scopes, claims, tokenType } = token
  const leftMs = expiresAtMs - nowMs
  return (
    <>
      <Fact name="Session id">
        <code>{sessionId}</code>
      </Fact>
      <Fact name="Token">
        {accessToken.length} characters, not shown
        {tokenType && `; bound to a key of this browser (${tokenType})`}
      </Fact>
      <Fact name="Expires">
        {timeOf(expiresAtMs, nowMs)}
        {leftMs < Infinity &&
          (leftMs > 0
            ? `, in ${durationOf(leftMs)}`
            : `, ${durationOf(leftMs)} ago: renewed when it is needed`)}
      </Fact>
      <Fact name="Scopes">{scopes.length > 0 ? <code>{scopes.join(' ')}</code> : 'none'}</Fact>
      {claims && <Fact name="Claims">{Object.keys(claims).join(', ')}</Fact>}
    </>
  )
}
