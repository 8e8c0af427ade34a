import type { Context } from '../context.ts'
import { TelnyxAuthError, type TelnyxAuthErrorCode } from '../errors.ts'
import { type LiveRecord, nextGeneration } from '../model/record.ts'
import { leftNote, statePrefix } from '../model/state-prefix.ts'
import { tokenFrom } from '../model/token-response.ts'
import { countShortLived } from '../model/tokens.ts'
import {
  pendingTransactions,
  type Transaction,
  transactionsKey,
  withoutTransaction,
} from '../model/transaction.ts'
import { parseUrl } from '../model/urls.ts'
import { validateAnswer } from '../protocol/authorization.ts'
import { randomId } from '../protocol/random.ts'
import { exchangeCode } from '../protocol/tokens.ts'
import { translateError } from '../protocol/translate-error.ts'
import { keepAppState } from './app-state.ts'
import { storeSession } from './callback/store-session.ts'
import { goBack } from './go-back.ts'
import { homePathOf, isAt, redirectUriOf } from './redirect-uri.ts'
import { discoverIssuer } from './server/discover.ts'
import { withDpop } from './server/with-dpop.ts'
import { TimeoutError, withTimeout } from './server/with-timeout.ts'
import { cleanSignOut } from './session/clean-sign-out.ts'
import { showSignedOut } from './session/publish-session.ts'
import { callbackNote } from './session/restore.ts'
import { syncSession } from './session/sync-session.ts'
import { showSignInFailure } from './show-sign-in-failure.ts'

const responseParameters = ['code', 'state', 'iss', 'error', 'error_description', 'error_uri']

/** Marks the transaction as redeeming, in one atomic write that may run again. @returns it, claimed by this or before */
export async function claimTransaction(
  context: Context,
  state: string,
  isOurs: (transaction: Transaction) => boolean,
  claimId: string,
): Promise<Transaction | undefined> {
  const { storage, transactions, sessionKey, clock } = context
  let found: Transaction | undefined
  try {
    const redeemingFrom = nextGeneration(await storage.read(sessionKey)) - 1
    await transactions.update(transactionsKey, (stored) => {
      const pending = pendingTransactions(stored, clock.now())
      const transaction = Object.hasOwn(pending, state) ? pending[state] : undefined
      found = transaction && { redeemingFrom, claimId, ...transaction }
      return !found || transaction?.claimId || !isOurs(found) ? undefined : { ...pending, [state]: found }
    })
  } catch (cause) {
    throw new TelnyxAuthError('storage_failed', { cause })
  }
  return found
}

/** Splits `url` into the authorization response and what belongs to the app. */
export function splitUrl(url: URL): { readonly response: URLSearchParams; readonly appUrl: string } {
  const app = new URL(url)
  for (const name of responseParameters) app.searchParams.delete(name)
  const response = [...url.searchParams].filter(([name]) => responseParameters.includes(name))
  return { response: new URLSearchParams(response), appUrl: app.href }
}

/** Validates the response and exchanges its code. The code is sent at most once. */
async function redeem(
  context: Context,
  state: string,
  response: URLSearchParams,
  transaction: Transaction,
): Promise<void> {
  const { clock } = context
  const { proofKey } = transaction
  const metadata = await discoverIssuer(context, transaction.issuer)
  const code = validateAnswer(metadata, response, state)
  const transport = await withDpop(context, context.transport, proofKey)
  const sentAtMs = clock.now()
  const tokens = await exchangeCode(transport, metadata, code, transaction)
  const { refreshToken, refreshTokenExpiresInSeconds: endsInSeconds } = tokens
  const session: LiveRecord = {
    v: 1,
    generation: 1,
    sessionId: randomId(),
    issuer: metadata.issuer,
    token: tokenFrom(tokens, transaction.scopes, sentAtMs),
    asked: transaction.scopes,
    receivedAtMs: sentAtMs,
    signedInAtMs: sentAtMs,
    activeAtMs: sentAtMs,
    ...(refreshToken && { refreshToken }),
    ...(endsInSeconds !== undefined && { refreshTokenEndsAtMs: sentAtMs + endsInSeconds * 1000 }),
    ...(transaction.resource && { resource: transaction.resource }),
    ...(transaction.targets && { targets: transaction.targets }),
    ...(proofKey && { proofKey }),
  }
  keepAppState(context, session.sessionId, transaction)
  await storeSession(context, countShortLived(session, undefined), transaction)
}

/** Nothing to redeem: a reload, the back button or a bookmark. A live session makes it harmless. */
async function refuse(
  context: Context,
  code: 'transaction_not_found' | 'callback_interrupted',
  returnTo: string,
): Promise<void> {
  context.page.remember(callbackNote(context), undefined)
  await syncSession(context, 'storage').catch((cause: unknown) => {
    throw new TelnyxAuthError('storage_failed', { cause })
  })
  if (!context.state.session.current) showSignInFailure(context, new TelnyxAuthError(code))
  goBack(context, returnTo)
}

/** What failures of any token request are called when they end a sign-in. */
const codesInCallback: Partial<Record<TelnyxAuthErrorCode, TelnyxAuthErrorCode>> = {
  invalid_grant: 'authorization_failed',
}

/** The failure of a callback, shown unless a caller does that. A session that was there before stays. */
async function failureOf(
  context: Context,
  cause: unknown,
  secrets: readonly string[],
  isShown = true,
): Promise<TelnyxAuthError> {
  const { clock } = context
  const failure = cause instanceof TimeoutError ? new TelnyxAuthError('server_unavailable', { cause }) : cause
  const translated = translateError(failure, clock.now(), secrets)
  const code = codesInCallback[translated.code] ?? translated.code
  const error = new TelnyxAuthError(code, { ...translated, cause: translated.cause, phase: 'callback' })
  await syncSession(context, 'storage').catch(() => {})
  if (isShown) showSignInFailure(context, error)
  return error
}

/** Tells the opener how the sign-in in this window ended, and closes it. @returns whether that worked */
async function closePopup(
  context: Context,
  state: string,
  error = context.state.session.current ? undefined : new TelnyxAuthError('signed_out'),
): Promise<boolean> {
  const { reportToOpener } = await import('../ports/popup-report.ts')
  return reportToOpener(state, error && { code: error.code, server: error.server })
}

/** Redeems a response, and forgets the sign-in. @returns the failure, which is shown by then if `showsFailure` */
export async function redeemTransaction(
  context: Context,
  state: string,
  response: URLSearchParams,
  transaction: Transaction,
  showsFailure: boolean,
): Promise<TelnyxAuthError | undefined> {
  const { page, clock, options, transactions } = context
  const note = (...parts: string[]) => page.remember(callbackNote(context), JSON.stringify(parts))
  note('callback_interrupted', transaction.returnTo, page.href())
  const redeemed = redeem(context, state, response, transaction)
  // A response that comes after the time-out still signs in: the code is spent, no other request will be made for it.
  redeemed.then(
    () => page.remember(callbackNote(context), undefined),
    () => {},
  )
  let error: TelnyxAuthError | undefined
  try {
    // A window that closed after a time-out would take its request along.
    await (transaction.isOpened ? redeemed : withTimeout(clock, redeemed, options.requestTimeoutMs))
  } catch (cause) {
    error = await failureOf(context, cause, [...response.getAll('code'), transaction.verifier], showsFailure)
    const { code } = error
    // A page that is being left sees its request fail, but lives to see no timer: there the first note stays.
    clock.setTimer(0, () => note(code))
  }
  await transactions
    .update(transactionsKey, (stored) => withoutTransaction(pendingTransactions(stored, clock.now()), state))
    .catch(() => {})
  return error
}

/** Redeems the response of this page, and goes back to where the sign-in began. */
async function redeemAndLeave(
  context: Context,
  state: string,
  response: URLSearchParams,
  transaction: Transaction,
): Promise<void> {
  const error = await redeemTransaction(context, state, response, transaction, true)
  // A window that cannot report goes on as any other page.
  if (transaction.isOpened && (await closePopup(context, state, error).catch(() => false))) return
  goBack(context, transaction.returnTo)
}

/**
 * Finishes the sign-in that `url` has the response of, if this client began it, or if no client did.
 *
 * @param isShown whether the page shows `url`; else a router has replaced it
 * @param isExpected whether the response is reported even if no sign-in is pending for it
 * @returns whether there was one
 */
async function finish(
  context: Context,
  url: URL,
  state: string,
  isShown: boolean,
  isExpected: boolean,
): Promise<boolean> {
  const { page, sessionKey } = context
  const isOurs = (transaction: Transaction) =>
    transaction.sessionKey === sessionKey && isAt(url, new URL(transaction.redirectUri))
  const claimId = randomId()
  let transaction: Transaction | undefined
  try {
    transaction = await claimTransaction(context, state, isOurs, claimId)
  } catch (error) {
    if (isExpected) await failureOf(context, error, [])
    return isExpected
  }
  if (transaction ? !isOurs(transaction) : !isExpected) return false
  const { response, appUrl } = splitUrl(url)
  const isClaimed = transaction?.claimId === claimId
  // A response that a router replaced, and that was taken before, is one that this page has finished.
  if (!isShown && !isClaimed) return false
  if (page.href() === url.href) page.replace(appUrl)
  if (!transaction) await refuse(context, 'transaction_not_found', homePathOf(context))
  else if (!isClaimed) await refuse(context, 'callback_interrupted', transaction.returnTo)
  else await redeemAndLeave(context, state, response, transaction)
  return true
}

/**
 * Finishes the sign-in that this page has the response of. The order is what makes it safe: claim, clean the URL,
 * validate, exchange, store, go back.
 *
 * @param urls the URL that the page shows, and the one that it was loaded with
 * @returns whether there was one
 */
export async function finishCallback(context: Context, urls: readonly string[]): Promise<boolean> {
  cleanSignOut(context)
  for (const href of new Set(urls)) {
    const url = parseUrl(href)
    if (!url) continue
    const { searchParams } = url
    const own = searchParams.getAll('state').find((value) => value.startsWith(statePrefix))
    // A server or a proxy may lose the state. It is the response to the sign-in that this tab left for, if that is
    // still pending; else these are parameters of the app.
    const isResponse = searchParams.has('code') || searchParams.has('error')
    const state = own ?? (isResponse ? context.page.recall(leftNote) : undefined)
    const isShown = href === urls[0]
    const isExpected = isShown && !!own && isAt(url, redirectUriOf(context))
    if (state && (await finish(context, url, state, isShown, isExpected))) return true
  }
  return false
}

/**
 * Reports the sign-in that `note` is about: a reload interrupted it, or came after it had failed. The user may be back
 * already, or somewhere else by now.
 */
export function resumeCallback(context: Context, note: string): void {
  const { page, state } = context
  page.remember(callbackNote(context), undefined)
  const [code, returnTo, href] = JSON.parse(note)
  const error = new TelnyxAuthError(code, { phase: 'callback' })
  if (!state.session.current) (returnTo ? showSignInFailure : showSignedOut)(context, error)
  if (href === page.href()) goBack(context, returnTo)
}
