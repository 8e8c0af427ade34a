import type { JSX } from 'react'
import { wordsForMember } from './member-words.ts'

interface MetadataListProps {
  readonly document: object
}

/** A metadata document, member by member in words, and as the server sent it. */
export function MetadataList({ document }: MetadataListProps): JSX.Element {
  return (
    <>
      <dl className="members">
        {Object.entries(document).map(([name, value]) => (
          <div key={name}>
            <dt>
              <code>{name}</code>
              <span className="member-words">{wordsForMember(name)}</span>
            </dt>
            <dd>
              <MemberValue value={value} />
            </dd>
          </div>
        ))}
      </dl>
      <RawJson document={document} />
    </>
  )
}

function MemberValue({ value }: { readonly value: unknown }): JSX.Element {
  if (!Array.isArray(value)) return <code>{inText(value)}</code>
  if (value.length === 0) return <span>none</span>
  return (
    <ul className="member-values">
      {value.map((one) => (
        <li key={inText(one)}>
          <code>{inText(one)}</code>
        </li>
      ))}
    </ul>
  )
}

function inText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** A document as it came, folded away. */
export function RawJson({ document }: MetadataListProps): JSX.Element {
  return (
    <details className="raw-json">
      <summary>As the server sent it</summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <pre tabIndex={0}>{JSON.stringify(document, undefined, 2)}</pre>
    </details>
  )
}
