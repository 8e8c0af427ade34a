import type { JSX } from 'react'
import { formatMoment } from '../../words/time.ts'
import { factsOf } from './claim-words.ts'

interface FactListProps {
  readonly members: object
}

/** Claims, or what the server says of a token: name, meaning and value. */
export function FactList({ members }: FactListProps): JSX.Element {
  return (
    <dl className="members">
      {factsOf(members).map(({ name, words, value, atMs }) => (
        <div key={name}>
          <dt>
            <code>{name}</code>
            <span className="member-words">{words}</span>
          </dt>
          <dd>
            <code>{value}</code>
            {atMs !== undefined && (
              <time className="cell-aside" dateTime={new Date(atMs).toISOString()}>
                {formatMoment(atMs)}
              </time>
            )}
          </dd>
        </div>
      ))}
    </dl>
  )
}
