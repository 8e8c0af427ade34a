import type { JSX } from 'react'
import { firstCharacters, shortId } from '../../words/secret.ts'
import { formatTime } from '../../words/time.ts'

interface SessionFactsProps {
  readonly token: string
  readonly expiresAtMs: number
  readonly sessionId: string
}

/** What may be shown of a session: never the whole token. */
export function SessionFacts({ token, expiresAtMs, sessionId }: SessionFactsProps): JSX.Element {
  return (
    <dl className="facts">
      <div>
        <dt>Expires at</dt>
        <dd>
          <time dateTime={new Date(expiresAtMs).toISOString()}>{formatTime(expiresAtMs)}</time>
        </dd>
      </div>
      <div>
        <dt>Access token</dt>
        <dd>
          <code>{firstCharacters(token)}</code> {token.length} characters
        </dd>
      </div>
      <div>
        <dt>Session</dt>
        <dd>
          <code>{shortId(sessionId)}</code>
        </dd>
      </div>
    </dl>
  )
}
