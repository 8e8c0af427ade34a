import type { Context } from '../../context.ts'

/**
 * Begins a read of the store, or a write that returns what is stored.
 *
 * @returns whether its result counts: not if a later read has finished first. Call it once, when the result is there
 */
export function beginRead({ state: { reads } }: Pick<Context, 'state'>): () => boolean {
  reads.begun += 1
  reads.isBehind = false
  const read = reads.begun
  return () => {
    if (read < reads.latest) return false
    reads.latest = read
    return true
  }
}

/** Notes that another tab has changed the store, for a tab that cannot read it yet. */
export function markBehind({ state: { reads } }: Pick<Context, 'state'>): void {
  reads.isBehind = true
}
