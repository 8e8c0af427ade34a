import type { Context } from '../context.ts'
import { TelnyxAuthError, type TelnyxAuthErrorCode } from '../errors.ts'
import { type LiveRecord, nextGeneration } from '../model/record.ts'
import { statePrefix } from '../model/state-prefix.ts'
import { tokenFrom } from '../model/token-response.ts'
import { countShortLived } from '../model/tokens.ts'
import { pendingTransactions, type Transaction, withoutTransaction } from '../model/transaction.ts'
import { validateAnswer } from '../protocol/authorization.ts'
import { randomId } from '../protocol/random.ts'
import { exchangeCode } from '../protocol/tokens.ts'
import { translateError } from '../protocol/translate-error.ts'
import { storeSession } from './callback/store-session.ts'
import { goBack } from './go-back.ts'
import { discoverIssuer } from './server/discover.ts'
import { withDpop } from './server/with-dpop.ts'
import { TimeoutError, withTimeout } from './server/with-timeout.ts'
import { showSignedOut, showSignInError } from './session/publish-session.ts'
import { redeemingNote } from './session/restore.ts'
import { syncSession } from './session/sync-session.ts'
import { redirectUriOf } from './sign-in.ts'

const answerParameters = ['code', 'state', 'iss', 'error', 'error_description', 'error_uri'] as const

function isAtRedirectUri(context: Context): boolean {
  const here = new URL(context.page.href())
  const { origin, pathname } = redirectUriOf(context)
  return here.origin === origin && here.pathname === pathname
}

/** The `state` of ours in the URL, if this page is the redirect URI. */
function callbackState(context: Context): string | undefined {
  const { searchParams } = new URL(context.page.href())
  const state = searchParams.getAll('state').find((value) => value.startsWith(statePrefix))
  return state && isAtRedirectUri(context) ? state : undefined
}

/** Marks the transaction as redeeming, in one atomic write. @returns it, if nobody did so before */
async function claimTransaction(context: Context, state: string): Promise<Transaction | 'taken' | undefined> {
  const { storage, transactions, sessionKey, clock } = context
  let claimed: Transaction | 'taken' | undefined
  try {
    const redeemingFrom = nextGeneration(await storage.read(sessionKey)) - 1
    await transactions.update(`${sessionKey} transactions`, (stored) => {
      const pending = pendingTransactions(stored, clock.now())
      const transaction = Object.hasOwn(pending, state) ? pending[state] : undefined
      claimed = transaction?.redeemingFrom === undefined ? transaction : 'taken'
      if (!transaction || claimed === 'taken') return undefined
      claimed = { ...transaction, redeemingFrom }
      return { ...pending, [state]: claimed }
    })
  } catch (cause) {
    throw new TelnyxAuthError('storage_failed', { cause })
  }
  return claimed
}

/** Takes the answer out of the URL, and leaves the app's own parameters in it. @returns the answer */
function stripAnswer({ page }: Context): URLSearchParams {
  const url = new URL(page.href())
  const answer = new URLSearchParams()
  for (const name of answerParameters) {
    for (const value of url.searchParams.getAll(name)) answer.append(name, value)
    url.searchParams.delete(name)
  }
  page.replace(url.href)
  return answer
}

/** Validates the answer and exchanges its code. The code is sent at most once. */
async function redeem(
  context: Context,
  state: string,
  answer: URLSearchParams,
  transaction: Transaction,
): Promise<void> {
  const { clock } = context
  const { proofKey } = transaction
  const metadata = await discoverIssuer(context, transaction.issuer)
  const code = validateAnswer(metadata, answer, state)
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
  await storeSession(context, countShortLived(session, undefined), transaction)
}

/** Nothing to redeem: a reload, the back button or a bookmark. A live session makes it harmless. */
async function refuse(
  context: Context,
  code: 'transaction_not_found' | 'callback_interrupted',
): Promise<void> {
  context.page.remember(redeemingNote(context), undefined)
  await syncSession(context, 'storage').catch((cause: unknown) => {
    throw new TelnyxAuthError('storage_failed', { cause })
  })
  if (context.state.session.current) goBack(context, '/')
  else showSignedOut(context, new TelnyxAuthError(code))
}

/** What failures of any token request are called when they end a sign-in. */
const codesInCallback: Partial<Record<TelnyxAuthErrorCode, TelnyxAuthErrorCode>> = {
  invalid_grant: 'authorization_failed',
}

/** Shows what went wrong. A session that was there before stays. */
async function showFailure(
  context: Context,
  cause: unknown,
  secrets: readonly string[],
): Promise<TelnyxAuthError> {
  const { clock, state } = context
  const failure = cause instanceof TimeoutError ? new TelnyxAuthError('server_unavailable', { cause }) : cause
  const translated = translateError(failure, clock.now(), secrets)
  const code = codesInCallback[translated.code] ?? translated.code
  const error = new TelnyxAuthError(code, { ...translated, cause: translated.cause, phase: 'callback' })
  await syncSession(context, 'storage').catch(() => {})
  if (state.session.current) showSignInError(context, error)
  else showSignedOut(context, error)
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

/** Forgets the sign-in, and goes back to the app where there is a session to go back with. */
async function leave(
  context: Context,
  state: string,
  { isPopup, returnTo }: Transaction,
  error?: TelnyxAuthError,
): Promise<void> {
  const { transactions, sessionKey, clock } = context
  await transactions
    .update(`${sessionKey} transactions`, (stored) =>
      withoutTransaction(pendingTransactions(stored, clock.now()), state),
    )
    .catch(() => {})
  // A window that cannot report goes on as any other page.
  if (isPopup && (await closePopup(context, state, error).catch(() => false))) return
  // The person may have gone on by themselves while a late answer was awaited.
  if (context.state.session.current && isAtRedirectUri(context)) goBack(context, returnTo)
}

async function finish(context: Context, state: string): Promise<void> {
  const { page, clock, options } = context
  let claimed: Transaction | 'taken' | undefined
  let answer = new URLSearchParams()
  try {
    claimed = await claimTransaction(context, state)
    answer = stripAnswer(context)
  } catch (error) {
    return void (await showFailure(context, error, []))
  }
  if (!claimed) return refuse(context, 'transaction_not_found')
  if (claimed === 'taken') return refuse(context, 'callback_interrupted')
  const transaction = claimed
  context.state.returnTo = transaction.returnTo
  page.remember(redeemingNote(context), '1')
  const redeemed = redeem(context, state, answer, transaction)
  // A page that is being left sees its request fail, but lives to see no timer: there the note stays for the next one.
  const forget = () => page.remember(redeemingNote(context), undefined)
  redeemed.then(forget, () => clock.setTimer(0, forget))
  let failure: TelnyxAuthError | undefined
  try {
    await withTimeout(clock, redeemed, options.requestTimeoutMs)
  } catch (error) {
    failure = await showFailure(context, error, [...answer.getAll('code'), transaction.verifier])
    // An answer that comes later still signs in: the code is spent, nobody else will ask for it.
    redeemed.then(
      () => leave(context, state, transaction),
      () => {},
    )
  }
  await leave(context, state, transaction, failure)
}

/**
 * Finishes the sign-in that the URL belongs to, if this page is the redirect URI. The order is what makes it safe:
 * claim, clean the URL, validate, exchange, store, go back.
 *
 * @returns whether there was one
 */
export async function finishCallback(context: Context): Promise<boolean> {
  const state = callbackState(context)
  if (!state) return false
  await finish(context, state)
  return true
}
