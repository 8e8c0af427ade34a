/** Counts what happened, over all schedules. */
export interface Tally {
  readonly count: (what: string, times?: number) => void
  readonly counts: () => ReadonlyMap<string, number>
}

export function createTally(): Tally {
  const counts = new Map<string, number>()
  return {
    count: (what, times = 1) => void counts.set(what, (counts.get(what) ?? 0) + times),
    counts: () => counts,
  }
}
