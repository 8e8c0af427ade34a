/** A stream of choices that a seed determines. */
export interface Random {
  /** From 0 to below 1. */
  readonly next: () => number
  readonly chance: (probability: number) => boolean
  /** A whole number from 0 to below `end`. */
  readonly below: (end: number) => number
  /** A whole number from `first` to `last`, both included. */
  readonly between: (first: number, last: number) => number
  /** One of `items`, which must not be empty. */
  readonly pick: <T>(items: readonly T[]) => T
}

/** Mulberry32: small, fast, and good enough to shuffle. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let word = Math.imul(state ^ (state >>> 15), state | 1)
    word ^= word + Math.imul(word ^ (word >>> 7), word | 61)
    return ((word ^ (word >>> 14)) >>> 0) / 4_294_967_296
  }
  const below = (end: number) => Math.floor(next() * end)
  return {
    next,
    below,
    chance: (probability) => next() < probability,
    between: (first, last) => first + below(last - first + 1),
    pick: (items) => items[below(items.length)] as (typeof items)[number],
  }
}

/** One seed out of several numbers, so that streams do not resemble each other. */
export function mixSeeds(...parts: readonly number[]): number {
  let seed = 0x9e3779b9
  for (const part of parts) {
    seed = Math.imul(seed ^ (part >>> 0), 0x85ebca6b)
    seed = Math.imul(seed ^ (seed >>> 13), 0xc2b2ae35)
    seed ^= seed >>> 16
  }
  return seed >>> 0
}
