import { TelnyxAuthError } from '../errors.ts'
import { isSecureUrl, parseUrl } from '../model/urls.ts'
import { parseChallenges, wordsOf } from './challenge.ts'

/** What a challenge tells whoever has no token yet. */
export interface ResourceChallenge {
  /** Where the metadata of the resource are; `undefined`: at its well-known URL. */
  readonly metadataUrl: URL | undefined
  readonly scope: readonly string[]
}

/**
 * Reads the challenges of `resource`, of whatever scheme.
 *
 * @throws {TelnyxAuthError} `metadata_invalid`: the metadata would be on another origin, and could be anybody's
 * @see RFC 9728 section 5.1, RFC 6750 section 3
 */
export function readResourceChallenge(resource: string, header: string | null): ResourceChallenge {
  const challenges = parseChallenges(header).map(({ parameters }) => parameters)
  const named = challenges.find((parameters) => parameters.has('resource_metadata'))
  const scope = wordsOf(challenges.find((parameters) => parameters.has('scope'))?.get('scope'))
  if (!named) return { metadataUrl: undefined, scope }
  const metadataUrl = parseUrl(named.get('resource_metadata'))
  if (!metadataUrl || !isSecureUrl(metadataUrl) || metadataUrl.origin !== new URL(resource).origin) {
    throw new TelnyxAuthError('metadata_invalid', { subject: 'resource_metadata' })
  }
  return { metadataUrl, scope }
}
