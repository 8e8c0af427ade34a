import type { Context } from '../context.ts'
import { pause } from './within.ts'

const everyMs = 5000

/** Repeats a write that failed and was reported, until it works: while the page lives and `isWanted` says so. */
export async function keepWriting(
  { clock, state }: Context,
  isWanted: () => boolean,
  write: () => Promise<void>,
): Promise<void> {
  while (state.isRunning && isWanted()) {
    await pause(clock, everyMs)
    try {
      return await write()
    } catch {
      // The disk fails still.
    }
  }
}
