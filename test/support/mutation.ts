/** One change to core: every use of an export, also inside its own module, gets another function instead. */
export interface Mutation {
  /** The name of an export of any module of core. */
  readonly symbol: string
  readonly replacement: (original: never) => unknown
}

/** A mutation whose replacement has the type of what it replaces. */
export const replacing = <Export>(symbol: string, replacement: (original: Export) => Export): Mutation => ({
  symbol,
  replacement,
})
