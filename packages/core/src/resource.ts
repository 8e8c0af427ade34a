import { TelnyxAuthError } from './errors.ts'
import { allowedIssuersOf } from './model/issuers.ts'
import { parseUrl, prefixesOf } from './model/urls.ts'
import { checkOption, type TelnyxAuthOptions } from './options.ts'
import { systemClock } from './ports/clock.ts'
import { readResourceChallenge } from './protocol/resource-challenge.ts'

/** What {@link discoverFromChallenge} takes. */
export interface DiscoverOptions extends Pick<TelnyxAuthOptions, 'allowedIssuers' | 'fetch'> {
  /**
   * What the request was for, where the resource's name is shorter than the URL: an origin, or an origin with a path.
   * @default the URL of the response, without its query
   */
  readonly resource?: string
}

/** What {@link discoverFromChallenge} found: options for {@link createTelnyxAuth}. */
export interface DiscoveredResource {
  /** As the resource calls itself. */
  readonly resource: string
  /** The authorization server to sign in at: one that was allowed. */
  readonly issuer: string
  /** What the challenge asks for (RFC 6750 section 3); empty where it does not say. */
  readonly scope: readonly string[]
  /** All the scopes that the resource knows, for the app to choose from; empty where it does not say. */
  readonly scopesSupported: readonly string[]
}

const wordsOf = (list: unknown): readonly string[] =>
  Object.freeze(
    Array.isArray(list) ? list.filter((word) => typeof word === 'string' && /^\S+$/.test(word)) : [],
  )

/** The resource that was asked for. @throws {TypeError} it is not known, or the answer comes from elsewhere */
function requested({ url, redirected }: Response, resource: string | undefined): string {
  // The origin that a redirect leads to would name the server to sign in at.
  if (redirected && resource === undefined)
    throw new TypeError(
      'discoverFromChallenge: a redirected response needs the option "resource": the URL that was asked, or a prefix of it',
    )
  const { origin, pathname } = parseUrl(url) ?? {}
  const found = resource ?? (origin && origin + pathname)
  if (!found)
    throw new TypeError('discoverFromChallenge: a response without a URL needs the option "resource"')
  if (url && !prefixesOf(parseUrl(url), [new URL(found)])[0]) {
    throw new TypeError('discoverFromChallenge: "resource" must cover the URL of the response')
  }
  return found
}

/**
 * Finds out where to sign in for a resource that answered 401: from the metadata that its challenge names, else from its
 * well-known ones. They must be on the resource's origin, belong to the very resource that was asked for, and name an
 * authorization server that is allowed; nothing is sent to any other.
 *
 * @param response what the resource answered; across origins it must expose `WWW-Authenticate`
 * @throws {TelnyxAuthError} `metadata_unavailable`, `metadata_invalid`, `issuer_not_allowed`
 * @throws {TypeError} an option is wrong
 * @see RFC 9728 section 5
 */
export async function discoverFromChallenge(
  response: Response,
  options: DiscoverOptions = {},
): Promise<DiscoveredResource> {
  for (const name of ['allowedIssuers', 'fetch'] as const) {
    if (options[name] !== undefined) checkOption('discoverFromChallenge', name, options[name])
  }
  if (options.resource !== undefined) {
    const one = Array.isArray(options.resource) ? [options.resource] : options.resource
    checkOption('discoverFromChallenge', 'resource', one)
  }
  const resource = requested(response, options.resource)
  const { metadataUrl, scope } = readResourceChallenge(resource, response.headers.get('www-authenticate'))
  const ask: typeof fetch = options.fetch ?? ((...request) => fetch(...request))
  const askThere: typeof fetch = (input, init) => ask(metadataUrl ?? input, init)
  const transport = { clientId: '', fetch: askThere }
  // The app's first chunk may have this in it; oauth4webapi is loaded when it is needed.
  const { allowedIssuer, requestResourceMetadata } = await import('./protocol/resource-metadata.ts').catch(
    (cause: unknown) => {
      throw new TelnyxAuthError('metadata_unavailable', { cause })
    },
  )
  const metadata = await requestResourceMetadata(transport, resource, systemClock.now())
  return Object.freeze({
    resource: metadata.resource,
    issuer: allowedIssuer(metadata.authorization_servers, allowedIssuersOf(options.allowedIssuers, resource)),
    scope,
    scopesSupported: wordsOf(metadata.scopes_supported),
  })
}
