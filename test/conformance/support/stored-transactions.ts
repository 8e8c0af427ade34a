import type { Transactions } from '../../../packages/core/src/model/transaction.ts'
import type { Scene } from '../../support/scene.ts'

/** The sign-ins under way in this browser, of whichever client. */
export function storedTransactions({ records }: Pick<Scene, 'records'>): Transactions {
  const all = [...records].filter(([key]) => key.endsWith(' transactions')).map(([, stored]) => stored)
  return Object.assign({}, ...all) as Transactions
}
