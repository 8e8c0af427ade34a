import type { Context, TabState } from '../context.ts'
import { isTelnyxAuthError, TelnyxAuthError } from '../errors.ts'
import { allowedIssuers } from '../model/issuers.ts'
import { supportsPkce } from '../protocol/authorization.ts'
import { checkEndpoints, requestMetadata } from '../protocol/metadata.ts'
import type { Metadata } from '../protocol/transport.ts'
import { within } from './within.ts'

/** What it takes to find out about a server. */
export interface DiscoveryContext extends Pick<Context, 'storage' | 'clock' | 'transport'> {
  readonly options: Pick<
    Context['options'],
    'issuer' | 'allowedIssuers' | 'resource' | 'metadata' | 'metadataLifetimeMs' | 'requestTimeoutMs'
  >
  readonly state: Pick<TabState, 'metadata' | 'metadataRequest'>
}

/** A document as the server sent it: what an app overrides is its own affair, and no other client's. */
interface CachedMetadata {
  readonly document: Metadata
  readonly fetchedAtMs: number
}

/** The document with the app's overrides in it. @throws {TelnyxAuthError} `metadata_invalid` */
const overridden = ({ options }: DiscoveryContext, document: object): Metadata =>
  checkEndpoints({ ...document, ...options.metadata } as Metadata)

/** What the store knows, as this client sees it; garbage counts as nothing. */
function parseCached(context: DiscoveryContext, stored: unknown): CachedMetadata | undefined {
  const { issuer, resource } = context.options
  const { document, fetchedAtMs } = (stored ?? {}) as Partial<CachedMetadata>
  const allowed = issuer ? [issuer] : allowedIssuers(context.options.allowedIssuers, String(resource))
  if (!allowed.includes(String(document?.issuer)) || !document || typeof fetchedAtMs !== 'number')
    return undefined
  try {
    return { document: overridden(context, document), fetchedAtMs }
  } catch {
    return undefined
  }
}

/** The server's metadata, asked for anew. @throws {TelnyxAuthError} `metadata_unavailable`, `metadata_invalid` */
export async function requestDocument(
  { options, transport, clock }: DiscoveryContext,
  signal?: AbortSignal,
): Promise<Metadata> {
  const now = clock.now()
  let { issuer } = options
  if (!issuer) {
    const resource = String(options.resource)
    const { issuerOfResource } = await import('../protocol/resource-metadata.ts')
    issuer = await issuerOfResource(
      transport,
      resource,
      allowedIssuers(options.allowedIssuers, resource),
      now,
      signal,
    )
  }
  return requestMetadata(transport, issuer, now, signal)
}

async function load(context: DiscoveryContext): Promise<Metadata> {
  const { options, storage, clock, state } = context
  const { issuer, metadata } = options
  // An app that names every endpoint it needs, spares its people the request.
  if (issuer && metadata.authorization_endpoint && metadata.token_endpoint) {
    return overridden(context, { issuer })
  }
  const key = `metadata ${issuer ?? options.resource}`
  // A server that was found without PKCE is looked at again: what nobody may sign in with, is not worth keeping.
  const isFresh = (known: CachedMetadata | undefined): known is CachedMetadata =>
    !!known &&
    supportsPkce(known.document) &&
    Math.abs(clock.now() - known.fetchedAtMs) < options.metadataLifetimeMs
  if (isFresh(state.metadata)) return state.metadata.document
  const cached = parseCached(context, await storage.read(key).catch(() => undefined))
  const stale = cached ?? state.metadata
  if (isFresh(cached)) {
    state.metadata = cached
    return cached.document
  }
  const givenUp = new AbortController()
  try {
    // An endless answer costs half of what callers wait: the rest is for what they need the metadata for.
    const request = requestDocument(context, givenUp.signal)
    const asked = await within(clock, request, options.requestTimeoutMs / 2)
    const document = overridden(context, asked)
    const fetchedAtMs = clock.now()
    state.metadata = { document, fetchedAtMs }
    // Only the next page load needs it, and a full disk must not stop anybody from signing in.
    await storage.update(key, () => ({ document: asked, fetchedAtMs })).catch(() => false)
    return document
  } catch (error) {
    givenUp.abort()
    if (stale) return stale.document
    const isEndless = isTelnyxAuthError(error) && error.code === 'refresh_pending'
    throw isEndless ? new TelnyxAuthError('metadata_unavailable', { cause: error }) : error
  }
}

/**
 * The server's metadata: from memory or storage while it is fresh, else asked for once, however many callers
 * wait. A stale copy is served while the server is down; a failure is not remembered.
 *
 * @throws {TelnyxAuthError} `metadata_unavailable`, `metadata_invalid`, `issuer_not_allowed`
 */
export function discover(context: DiscoveryContext): Promise<Metadata> {
  const { state } = context
  state.metadataRequest ??= load(context).finally(() => {
    state.metadataRequest = undefined
  })
  return state.metadataRequest
}
