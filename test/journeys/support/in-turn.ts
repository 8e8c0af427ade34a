/** Runs pieces of work one after the other, whoever brings them. */
export type InTurn = <T>(work: () => Promise<T>) => Promise<T>

/** A queue: so that many journeys that mostly wait do not all begin at once on a small machine. */
export function createQueue(): InTurn {
  let last: Promise<unknown> = Promise.resolve()
  return (work) => {
    const result = last.then(work)
    last = result.catch(() => {})
    return result
  }
}
