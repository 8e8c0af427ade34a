/** Counts what happened, over all schedules. */
export interface Tally {
  readonly count: (what: string) => void
  readonly counts: () => ReadonlyMap<string, number>
}

export function createTally(): Tally {
  const counts = new Map<string, number>()
  return {
    count: (what) => void counts.set(what, (counts.get(what) ?? 0) + 1),
    counts: () => counts,
  }
}
