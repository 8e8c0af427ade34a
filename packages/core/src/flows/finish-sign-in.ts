import type { Context } from '../context.ts'
import { TelnyxAuthError } from '../errors.ts'
import type { Transaction } from '../model/transaction.ts'
import { parseUrl } from '../model/urls.ts'
import { reportOutcome } from '../ports/popup-report.ts'
import { randomId } from '../protocol/random.ts'
import { claimTransaction } from './callback/claim-transaction.ts'
import { redeemTransaction } from './callback/redeem-transaction.ts'
// All of the server flows, because a part of them would be cut out of their chunk.
import { splitUrl } from './callback.ts'
import { goBack } from './go-back.ts'
import { isAt } from './redirect-uri.ts'

/** The page that waits is in this browser: it hears at once, or is gone. */
const maxReportMs = 300

/** Tells the page that waits for this sign-in how it ended. @returns whether there is one */
const isWaitedForElsewhere = (state: string, error: TelnyxAuthError | undefined): Promise<boolean> =>
  reportOutcome(state, error && { code: error.code, server: error.server }, maxReportMs).catch(() => false)

/**
 * Finishes a sign-in that was begun with `openUrl`, with the response in `given`.
 *
 * @throws {TelnyxAuthError} `transaction_not_found`: no such sign-in is pending here; `callback_interrupted`: its response
 *   was taken before; else what it failed with
 * @see RFC 6749 section 10.12, RFC 8252 section 8.10
 */
export async function finishSignIn(context: Context, given: string | URL): Promise<void> {
  const url = parseUrl(String(given))
  const state = url?.searchParams.get('state')
  const isOurs = ({ isOpened, sessionKey, redirectUri }: Transaction) =>
    !!url && !!isOpened && sessionKey === context.sessionKey && isAt(url, new URL(redirectUri))
  const claimId = randomId()
  const transaction = state ? await claimTransaction(context, state, isOurs, claimId) : undefined
  if (!url || !state || !transaction || !isOurs(transaction))
    throw new TelnyxAuthError('transaction_not_found')
  if (transaction.claimId !== claimId) throw new TelnyxAuthError('callback_interrupted')
  const settle = context.state.opened?.get(state)
  // A sign-in that this page waits for shows its failure itself.
  const error = await redeemTransaction(context, state, splitUrl(url).response, transaction, !settle)
  if (settle) settle(error)
  else if (!(await isWaitedForElsewhere(state, error))) goBack(context, transaction.returnTo)
  if (error) throw error
}
