import type { Context } from '../../context.ts'
import { TelnyxAuthError } from '../../errors.ts'
import { nextGeneration } from '../../model/record.ts'
import { pendingTransactions, type Transaction, transactionsKey } from '../../model/transaction.ts'

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
