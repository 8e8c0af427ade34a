import type { ConsentDetails } from '@telnyx-oauth/api'
import { type JSX, useState } from 'react'
import { webLink } from './redirect-target.ts'

interface ClientIdentityProps {
  readonly name: string
  readonly details: ConsentDetails
}

/** Who asks: name, logo, whether Telnyx has verified it, and what the app says about itself. */
export function ClientIdentity({ name, details }: ClientIdentityProps): JSX.Element {
  const { client_id, verified, logo_uri, policy_uri, tos_uri } = details
  const links = [
    ['Privacy policy', webLink(policy_uri)],
    ['Terms of service', webLink(tos_uri)],
  ] as const
  return (
    <div className="consent-client">
      <Logo uri={webLink(logo_uri)} name={name} />
      <div className="consent-client-words">
        <p className="consent-client-name">
          {name}{' '}
          <span className={verified ? 'badge' : 'badge badge-warning'}>
            {verified ? 'verified by Telnyx' : 'not verified'}
          </span>
        </p>
        {client_id && <code className="consent-client-id">{client_id}</code>}
        <ul className="consent-links">
          {links.map(
            ([words, href]) =>
              href && (
                <li key={words}>
                  <a href={href} target="_blank" rel="noopener noreferrer">
                    {words}
                    <span className="visually-hidden"> of {name}, in a new tab</span>
                  </a>
                </li>
              ),
          )}
        </ul>
      </div>
    </div>
  )
}

interface LogoProps {
  readonly uri: string | undefined
  readonly name: string
}

// The policy of this page lets in pictures over https only.
function Logo({ uri, name }: LogoProps): JSX.Element {
  const [isBroken, setIsBroken] = useState(false)
  if (uri?.startsWith('https:') && !isBroken) {
    return (
      <img
        className="consent-logo"
        src={uri}
        alt=""
        referrerPolicy="no-referrer"
        onError={() => setIsBroken(true)}
      />
    )
  }
  return (
    <span className="consent-logo" aria-hidden="true">
      {initialsOf(name)}
    </span>
  )
}

function initialsOf(name: string): string {
  const words = name.split(/\s+/).filter(Boolean)
  return words
    .slice(0, 2)
    .map((word) => [...word][0]?.toUpperCase() ?? '')
    .join('')
}
