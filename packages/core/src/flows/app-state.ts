import type { Context } from '../context.ts'
import type { Transaction } from '../model/transaction.ts'
import type { SignInOptions } from '../telnyx-auth.ts'

/** `appState` as every kind of storage keeps it. @throws {TypeError} JSON has no such value */
export function keptAppState({ appState }: SignInOptions): Pick<Transaction, 'appState'> {
  if (appState === undefined) return {}
  const text: string | undefined = JSON.stringify(appState)
  if (text === undefined) throw new TypeError('signIn: "appState" must be a value that JSON keeps')
  return { appState: JSON.parse(text) }
}

/** Lets the snapshot of the session that came of `transaction` show its `appState`, as soon as it is published. */
export function keepAppState({ state }: Context, sessionId: string, { appState }: Transaction): void {
  state.session.appState = appState === undefined ? undefined : { sessionId, value: appState }
}
