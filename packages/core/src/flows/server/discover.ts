import type { Context, MetadataState } from '../../context.ts'
import { TelnyxAuthError } from '../../errors.ts'
import { allowedIssuersOf } from '../../model/issuers.ts'
import { supportsPkce } from '../../protocol/authorization.ts'
import { checkEndpoints, requestMetadata, wrongEndpoint } from '../../protocol/metadata.ts'
import { issuerOfResource } from '../../protocol/resource-metadata.ts'
import type { Metadata } from '../../protocol/transport.ts'
import { withTimeout } from './with-timeout.ts'

/** The parts of a client that discovery needs. */
export interface DiscoveryContext extends Pick<Context, 'storage' | 'clock' | 'transport'> {
  readonly options: Pick<
    Context['options'],
    'issuer' | 'allowedIssuers' | 'resource' | 'metadata' | 'metadataLifetimeMs' | 'requestTimeoutMs'
  >
  readonly state: { readonly metadata: MetadataState }
}

/** A document that cannot be read again is used for a day at most. */
const maxStaleMs = 86_400_000

interface Cached {
  readonly document: unknown
  readonly fetchedAtMs: number
}

/** The way to get a document, and to tell one that can be used. */
interface Source<T> {
  readonly key: string
  readonly request: (signal: AbortSignal) => Promise<T>
  /** Garbage in the store, and a document that is not worth keeping, count as nothing. */
  readonly isUsable: (document: unknown) => document is T
  readonly isWorthKeeping: (document: T) => boolean
}

/** `request`, given up after half of the time that callers wait: the rest is for the request that needs the document. */
async function requestInTime<T>(context: DiscoveryContext, { request }: Source<T>): Promise<T> {
  const { clock, options } = context
  const givenUp = new AbortController()
  try {
    return await withTimeout(clock, request(givenUp.signal), options.requestTimeoutMs / 2)
  } catch (cause) {
    givenUp.abort()
    throw cause instanceof TelnyxAuthError ? cause : new TelnyxAuthError('metadata_unavailable', { cause })
  }
}

async function load<T>(context: DiscoveryContext, source: Source<T>): Promise<T> {
  const { options, storage, clock, state } = context
  const { key, isUsable, isWorthKeeping } = source
  const { cached } = state.metadata
  const ageMs = ({ fetchedAtMs }: Cached) => Math.abs(clock.now() - fetchedAtMs)
  const parse = (stored: unknown): { document: T; fetchedAtMs: number } | undefined => {
    const { document, fetchedAtMs } = (stored ?? {}) as Partial<Cached>
    if (!isUsable(document) || typeof fetchedAtMs !== 'number') return undefined
    return { document, fetchedAtMs }
  }
  let known = parse(cached.get(key))
  const isFresh = () => !!known && isWorthKeeping(known.document) && ageMs(known) < options.metadataLifetimeMs
  if (!isFresh()) known = parse(await storage.read(key).catch(() => undefined)) ?? known
  if (known && isFresh()) {
    cached.set(key, known)
    return known.document
  }
  try {
    const document = await requestInTime(context, source)
    const next = { document, fetchedAtMs: clock.now() }
    cached.set(key, next)
    // Only the next page load needs it, and a full disk must not keep the user from signing in.
    await storage.update(key, () => next).catch(() => false)
    return document
  } catch (error) {
    if (known && ageMs(known) < maxStaleMs) return known.document
    throw error
  }
}

/** One request at a time for one document, however many callers wait. */
function loadOnce<T>(context: DiscoveryContext, source: Source<T>): Promise<T> {
  const { pending } = context.state.metadata
  const { key } = source
  const running = pending.get(key) as Promise<T> | undefined
  if (running) return running
  const started = load(context, source).finally(() => pending.delete(key))
  pending.set(key, started)
  return started
}

/** The document with the app's overrides in it. @throws {TelnyxAuthError} `metadata_invalid` */
const withOverrides = ({ options }: DiscoveryContext, document: object): Metadata =>
  checkEndpoints({ ...document, ...options.metadata } as Metadata)

/** The metadata of `issuer`, as this client uses them. */
async function metadataOf(context: DiscoveryContext, issuer: string): Promise<Metadata> {
  const { metadata } = context.options
  // An app that names every endpoint it needs spares its users the request.
  if (context.options.issuer && metadata.authorization_endpoint && metadata.token_endpoint) {
    return withOverrides(context, { issuer })
  }
  const document = await loadOnce<Metadata>(context, {
    key: `metadata ${issuer}`,
    request: async (signal) => {
      const asked = await requestMetadata(context.transport, issuer, context.clock.now(), signal)
      withOverrides(context, asked)
      return asked
    },
    isUsable: (stored): stored is Metadata => {
      const { issuer: named } = (stored ?? {}) as Partial<Metadata>
      return named === issuer && !wrongEndpoint({ ...(stored as Metadata), ...metadata } as Metadata)
    },
    // A server without PKCE is asked again: metadata that allow no sign-in are not worth keeping.
    isWorthKeeping: (known) => supportsPkce(withOverrides(context, known)),
  })
  return withOverrides(context, document)
}

/** The issuers that this client may talk to: the one that it names, or those that its resource may name. */
const issuersOf = ({ options }: DiscoveryContext): readonly string[] =>
  options.issuer ? [options.issuer] : allowedIssuersOf(options.allowedIssuers, String(options.resource))

/**
 * The metadata of the issuer of a session, for its refresh token. The metadata of the resource have no say in it.
 *
 * @throws {TelnyxAuthError} `issuer_not_allowed`: the app does not allow it any more; `metadata_*`
 * @see RFC 9700 section 4.4
 */
export async function discoverIssuer(context: DiscoveryContext, issuer: string): Promise<Metadata> {
  if (!issuersOf(context).includes(issuer)) {
    throw new TelnyxAuthError('issuer_not_allowed', { subject: issuer })
  }
  return metadataOf(context, issuer)
}

/** Asks for the issuer of the resource anew. */
function requestIssuer(context: DiscoveryContext, signal?: AbortSignal): Promise<string> {
  const { transport, options, clock } = context
  return issuerOfResource(transport, String(options.resource), issuersOf(context), clock.now(), signal)
}

/**
 * The metadata of the server where a new sign-in goes: from memory or storage while they are fresh, else asked for
 * once. A stale copy is used for a day while the server is down; a failure is not remembered.
 *
 * @throws {TelnyxAuthError} `metadata_unavailable`, `metadata_invalid`, `issuer_not_allowed`
 * @see RFC 8414, RFC 9728
 */
export async function discover(context: DiscoveryContext): Promise<Metadata> {
  const { issuer, resource } = context.options
  if (issuer) return metadataOf(context, issuer)
  const found = await loadOnce<string>(context, {
    key: `issuer of ${resource}`,
    request: (signal) => requestIssuer(context, signal),
    isUsable: (stored): stored is string => issuersOf(context).includes(stored as string),
    isWorthKeeping: () => true,
  })
  return metadataOf(context, found)
}

/** The metadata as the server has them now, past every copy. @throws {TelnyxAuthError} `metadata_*`, `issuer_not_allowed` */
export async function requestDocument(context: DiscoveryContext): Promise<Metadata> {
  const { transport, clock, options } = context
  const issuer = options.issuer ?? (await requestIssuer(context))
  return requestMetadata(transport, issuer, clock.now())
}
