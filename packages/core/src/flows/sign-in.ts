import type { Context } from '../context.ts'
import { TelnyxAuthError } from '../errors.ts'
import { leftNote, statePrefix } from '../model/state-prefix.ts'
import {
  addTransaction,
  pendingTransactions,
  type Transaction,
  transactionsKey,
} from '../model/transaction.ts'
import { unlessAborted } from '../model/unless-aborted.ts'
import { absoluteRedirectUri } from '../model/urls.ts'
import { checkOption } from '../options.ts'
import { isUserActive } from '../ports/user-activation.ts'
import {
  authorizationParameters,
  authorizationUrl,
  newCodeVerifier,
  supportsPkce,
} from '../protocol/authorization.ts'
import { randomId } from '../protocol/random.ts'
import type { SignInOptions } from '../telnyx-auth.ts'
import { keptAppState } from './app-state.ts'
import { askedFor } from './asked-for.ts'
import { homePathOf, isAt, isPrivateUse, originOf, redirectUriOf } from './redirect-uri.ts'
import { checkedPath } from './return-path.ts'
import { discover } from './server/discover.ts'
import { newProofKeyFor } from './server/with-dpop.ts'
import { callbackNote } from './session/restore.ts'

const loopWindowMs = 60_000
const mostAutomaticSignIns = 3

/** The page of the user, to return to. On a page that is there for responses only, the start page of the app. */
function currentPath(context: Context, redirectUri: URL): string {
  const here = new URL(context.page.href())
  const homePath = homePathOf(context)
  const isResponsePage = [redirectUri, redirectUriOf(context)].some((uri) => isAt(here, uri))
  const isApp = here.pathname === homePath || here.hash || !isResponsePage
  return isApp ? here.pathname + here.search + here.hash : homePath
}

/** Stops an app that signs in again and again without an action of the user. */
function countAutomaticSignIn({ page, clock, sessionKey }: Context): void {
  const note = `${sessionKey} automatic`
  const now = clock.now()
  const earlier = (page.recall(note) ?? '')
    .split(' ')
    .filter((at) => at && Math.abs(now - Number(at)) < loopWindowMs)
  if (earlier.length >= mostAutomaticSignIns) throw new TelnyxAuthError('login_loop')
  page.remember(note, [...earlier, now].join(' '))
}

/**
 * Stores a sign-in; without its key where the storage cannot keep one: it keeps text, or belongs to a private window
 * of an older browser.
 *
 * @returns what is stored
 * @throws {TelnyxAuthError} `storage_failed`; `dpop_unsupported`: the key is required
 */
async function saveTransaction(
  context: Context,
  state: string,
  transaction: Transaction,
): Promise<Transaction> {
  const { transactions, clock, options } = context
  const pending = (stored: unknown) => pendingTransactions(stored, clock.now())
  const save = (next: Transaction) =>
    transactions.update(transactionsKey, (stored) => addTransaction(pending(stored), state, next))
  const { proofKey, ...plain } = transaction
  try {
    if (proofKey) {
      const read = () => transactions.read(transactionsKey)
      const stored = await save(transaction).then(read, () => undefined)
      // What was not kept as it was is not a pending sign-in.
      if (pending(stored)[state]) return transaction
    }
    await save(plain)
  } catch (cause) {
    throw new TelnyxAuthError('storage_failed', { phase: 'sign-in', cause })
  }
  if (!proofKey || options.dpop === 'auto') return plain
  throw new TelnyxAuthError('dpop_unsupported', { subject: 'storage' })
}

/** The parameters that the app adds. Their rules are loaded only where it adds some. */
async function parametersOfApp(context: Context, given: SignInOptions): Promise<Record<string, string>> {
  const { authorizationParameters } = context.options
  if (given.parameters === undefined && !Object.keys(authorizationParameters)[0]) return {}
  return (await context.loadTokenFlows()).furtherParameters(context, given)
}

/**
 * Begins a sign-in and leaves for the authorization server; with `openUrl`, waits for its session.
 *
 * @throws {TypeError} an option is wrong, or `returnTo` leads elsewhere
 * @throws {TelnyxAuthError} `insecure_context`, `login_loop`, `step_up_loop`, `metadata_*`, `pkce_unsupported`,
 *   `storage_failed`
 * @see RFC 6749 section 4.1.1, RFC 9700 section 2.1.1
 */
export const signIn = (context: Context, given: SignInOptions = {}): Promise<void> =>
  unlessAborted(given.signal, () => leave(context, given))

async function leave(context: Context, given: SignInOptions): Promise<void> {
  const { options, page, clock, transport, emit } = context
  const { returnTo, loginHint, prompt, automatic = false, openUrl, signal } = given
  const { redirectUri = options.redirectUri } = given
  const parameters = await parametersOfApp(context, given)
  checkOption('signIn', 'redirectUri', redirectUri)
  const redirectUrl = new URL(redirectUri, page.href())
  if (isPrivateUse(redirectUrl) && !openUrl)
    throw new TypeError('signIn: a private-use "redirectUri" needs "openUrl"')
  const { scopes, targets, extra } = await askedFor(context, given)
  const target = returnTo === undefined ? currentPath(context, redirectUrl) : checkedPath(context, returnTo)
  if (!page.isSecure())
    throw new TelnyxAuthError('insecure_context', { subject: new URL(page.href()).origin })
  if (automatic || !(context.isUserActive ?? isUserActive)()) countAutomaticSignIn(context)
  page.remember(callbackNote(context), undefined)
  // Site data are blocked: the verifier would be gone with this page, and the user would come back for nothing.
  const comesToPage = !openUrl || originOf(redirectUrl) === originOf(new URL(page.href()))
  if (comesToPage && context.transactions.kind === 'memory')
    throw new TelnyxAuthError('storage_failed', { phase: 'sign-in', subject: 'memory' })
  const metadata = await discover(context)
  if (!supportsPkce(metadata)) throw new TelnyxAuthError('pkce_unsupported')
  const state = statePrefix + randomId()
  const nonce = parameters.nonce || (scopes.includes('openid') ? randomId() : undefined)
  const proofKey = await newProofKeyFor(context, metadata)
  const transaction = await saveTransaction(context, state, {
    sessionKey: context.sessionKey,
    verifier: newCodeVerifier(),
    issuer: metadata.issuer,
    redirectUri: absoluteRedirectUri(redirectUri, page.href()),
    returnTo: target,
    scopes,
    createdAtMs: clock.now(),
    ...(targets[0] && { resource: targets[0], targets }),
    ...keptAppState(given),
    ...(nonce && { nonce }),
    ...(openUrl && { isOpened: true }),
    ...(proofKey && { proofKey }),
  })
  const dpopJkt = transaction.proofKey?.thumbprint
  const request = await authorizationParameters(transport, {
    ...transaction,
    state,
    extra: {
      ...parameters,
      ...(nonce && { nonce }),
      ...(targets[0] && { resource: targets }),
      ...(loginHint && { login_hint: loginHint }),
      ...(prompt && { prompt }),
      ...(dpopJkt && { dpop_jkt: dpopJkt }),
      ...extra,
    },
  })
  const isPushed = metadata.pushed_authorization_request_endpoint
  const parametersInUrl = isPushed
    ? await (await context.loadTokenFlows()).pushed(context, metadata, request, transaction.proofKey)
    : request
  const url = authorizationUrl(metadata, parametersInUrl)
  signal?.throwIfAborted()
  emit({ type: 'sign-in-started', automatic })
  if (openUrl) {
    const { openAndWait } = await context.loadTokenFlows()
    return openAndWait(context, { url, state, transaction, openUrl, signal })
  }
  page.remember(leftNote, state)
  page.navigate(url)
}
