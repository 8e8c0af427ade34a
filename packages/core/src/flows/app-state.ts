import type { Context } from '../context.ts'
import type { Transaction } from '../model/transaction.ts'
import type { SignInOptions } from '../telnyx-auth.ts'

const asFrozenJson = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value), (_name, member) => Object.freeze(member))

/** `appState` as every kind of storage keeps it. @throws {TypeError} JSON has no such value */
export function keptAppState({ appState }: SignInOptions): Pick<Transaction, 'appState'> {
  if (appState === undefined) return {}
  if (JSON.stringify(appState) === undefined)
    throw new TypeError('signIn: "appState" must be a value that JSON keeps')
  return { appState: asFrozenJson(appState) }
}

/** Lets the snapshot of the session that came of `transaction` show its `appState`, as soon as it is published. */
export function keepAppState({ state }: Context, sessionId: string, { appState }: Transaction): void {
  if (state.session.appState?.sessionId === sessionId) return
  state.session.appState = appState === undefined ? undefined : { sessionId, value: asFrozenJson(appState) }
}
