/** What the running test's servers gave out or were sent, and what its clients told anybody. */
export interface Overheard {
  readonly secrets: ReadonlySet<string>
  /** Events, errors in snapshots, and what calls were rejected with. */
  readonly told: readonly unknown[]
}

let secrets = new Set<string>()
let told: unknown[] = []

/** Called by whatever plays a server: nobody may ever tell this. */
export function keepSecret(value: string | null | undefined): void {
  // Shorter ones stand in any text.
  if (value && value.length >= 6) secrets.add(value)
}

/** Called by whatever stands for a page: this could end in a log. */
export function overhear(what: unknown): void {
  if (what !== undefined) told.push(what)
}

/** All since the last call. */
export function takeOverheard(): Overheard {
  const taken = { secrets, told }
  secrets = new Set()
  told = []
  return taken
}
