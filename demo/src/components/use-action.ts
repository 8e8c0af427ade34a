import { useState } from 'react'

/** A thing a person can start with a button, and how it went. */
export interface Action<Result> {
  readonly run: () => Promise<void>
  readonly isRunning: boolean
  readonly result?: Result
  readonly failure?: Failure
}

/** What `perform` threw, and when, in milliseconds since 1970. */
export interface Failure {
  readonly error: unknown
  readonly atMs: number
}

/** Runs `perform` when asked to, and keeps what came of the last time. */
export function useAction<Result>(perform: () => Promise<Result>): Action<Result> {
  const [state, setState] = useState<Omit<Action<Result>, 'run'>>({ isRunning: false })
  const run = async () => {
    setState({ isRunning: true })
    try {
      setState({ isRunning: false, result: await perform() })
    } catch (error) {
      setState({ isRunning: false, failure: { error, atMs: Date.now() } })
    }
  }
  return { ...state, run }
}
