import { config } from '../config.ts'
import type { Problem } from '../words/problem.ts'
import { explainRefusal } from './explain-refusal.ts'

/** What `GET /v2/balance` answers, as far as this console shows it. Amounts are decimal strings. */
export interface Balance {
  readonly balance: string
  readonly availableCredit: string
  readonly currency: string
}

/** How a call ended: with a balance, or with a problem in words. */
export type BalanceAnswer = {
  readonly status: number
  readonly durationMs: number
} & ({ readonly balance: Balance } | { readonly problem: Problem })

/** Where the balance is read. */
export const balanceUrl: string = `${config.apiBase}/balance`

/**
 * Reads the account's balance.
 * @param fetch one that adds the access token
 * @throws what `fetch` throws
 */
export async function readBalance(fetch: typeof globalThis.fetch): Promise<BalanceAnswer> {
  const startMs = performance.now()
  const response = await fetch(balanceUrl, { headers: { accept: 'application/json' } })
  const body: unknown = await response.json().catch(() => undefined)
  const facts = { status: response.status, durationMs: Math.round(performance.now() - startMs) }
  const balance = response.ok ? parseBalance(body) : undefined
  if (balance) return { ...facts, balance }
  return { ...facts, problem: explainRefusal(response, body) }
}

function parseBalance(body: unknown): Balance | undefined {
  const data = member(body, 'data')
  const [balance, availableCredit, currency] = ['balance', 'available_credit', 'currency'].map((name) =>
    member(data, name),
  )
  if (typeof balance !== 'string' || typeof availableCredit !== 'string' || typeof currency !== 'string')
    return undefined
  return { balance, availableCredit, currency }
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}
