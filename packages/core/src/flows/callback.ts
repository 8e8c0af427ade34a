import type { Context } from '../context.ts'
import { TelnyxAuthError } from '../errors.ts'
import { leftNote, statePrefix } from '../model/state-prefix.ts'
import type { Transaction } from '../model/transaction.ts'
import { parseUrl } from '../model/urls.ts'
import { randomId } from '../protocol/random.ts'
import { claimTransaction } from './callback/claim-transaction.ts'
import { failureOf, redeemTransaction } from './callback/redeem-transaction.ts'
import { goBack } from './go-back.ts'
import { homePathOf, isAt, redirectUriOf } from './redirect-uri.ts'
import { cleanSignOut } from './session/clean-sign-out.ts'
import { showSignedOut } from './session/publish-session.ts'
import { callbackNote } from './session/restore.ts'
import { syncSession } from './session/sync-session.ts'
import { showSignInFailure } from './show-sign-in-failure.ts'

const responseParameters = ['code', 'state', 'iss', 'error', 'error_description', 'error_uri']

/** Splits `url` into the authorization response and what belongs to the app. */
export function splitUrl(url: URL): { readonly response: URLSearchParams; readonly appUrl: string } {
  const app = new URL(url)
  for (const name of responseParameters) app.searchParams.delete(name)
  const response = [...url.searchParams].filter(([name]) => responseParameters.includes(name))
  return { response: new URLSearchParams(response), appUrl: app.href }
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

/** Tells the opener how the sign-in in this window ended, and closes it. @returns whether that worked */
async function closePopup(
  context: Context,
  state: string,
  error = context.state.session.current ? undefined : new TelnyxAuthError('signed_out'),
): Promise<boolean> {
  const { reportToOpener } = await import('../ports/popup-report.ts')
  return reportToOpener(state, error && { code: error.code, server: error.server })
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
