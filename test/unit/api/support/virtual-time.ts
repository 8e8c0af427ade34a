import { afterEach, beforeEach, vi } from 'vitest'

/** The instant at which every test of virtual time begins. */
export const START_MS: number = Date.parse('2026-11-22T12:00:00Z')

/** Gives each test of a file a clock that only moves when told to, and no randomness. */
export function useVirtualTime(): void {
  beforeEach(() => {
    vi.useFakeTimers({ now: START_MS })
    vi.spyOn(Math, 'random').mockReturnValue(0)
  })
  afterEach(() => {
    vi.useRealTimers()
    vi.restoreAllMocks()
  })
}

/** How a call ended. */
export type Outcome<T> = { readonly value: T } | { readonly error: unknown }

/** Lets all the time pass that a call needs. */
export async function inTheEnd<T>(call: Promise<T>): Promise<Outcome<T>> {
  const outcome = call.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  )
  await vi.runAllTimersAsync()
  return outcome
}

/** The error of a call that must fail. */
export async function errorInTheEnd(call: Promise<unknown>): Promise<unknown> {
  const outcome = await inTheEnd(call)
  if ('value' in outcome) throw new Error(`expected an error, got ${JSON.stringify(outcome.value)}`)
  return outcome.error
}
