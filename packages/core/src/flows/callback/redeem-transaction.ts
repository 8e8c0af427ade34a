import type { Context } from '../../context.ts'
import { TelnyxAuthError, type TelnyxAuthErrorCode } from '../../errors.ts'
import type { LiveRecord } from '../../model/record.ts'
import { tokenFrom } from '../../model/token-response.ts'
import { countShortLived } from '../../model/tokens.ts'
import {
  pendingTransactions,
  type Transaction,
  transactionsKey,
  withoutTransaction,
} from '../../model/transaction.ts'
import { validateAnswer } from '../../protocol/authorization.ts'
import { randomId } from '../../protocol/random.ts'
import { exchangeCode } from '../../protocol/tokens.ts'
import { translateError } from '../../protocol/translate-error.ts'
import { keepAppState } from '../app-state.ts'
import { discoverIssuer } from '../server/discover.ts'
import { withDpop } from '../server/with-dpop.ts'
import { TimeoutError, withTimeout } from '../server/with-timeout.ts'
import { callbackNote } from '../session/restore.ts'
import { syncSession } from '../session/sync-session.ts'
import { showSignInFailure } from '../show-sign-in-failure.ts'
import { storeSession } from './store-session.ts'

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

/** The codes of token requests that have another name when they end a sign-in. */
const codesInCallback: Partial<Record<TelnyxAuthErrorCode, TelnyxAuthErrorCode>> = {
  invalid_grant: 'authorization_failed',
}

/** The failure of a callback, shown unless a caller does that. A session that was there before stays. */
export async function failureOf(
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
