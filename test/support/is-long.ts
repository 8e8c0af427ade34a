/** Whether the whole amounts run (`npm run test:long`), and not only as many as a change needs. */
export const isLong: boolean = process.env.TEST_LONG === '1'

/** All of `items` in a long run, every ninth otherwise: enough to see that the machinery works. */
export const sample = <T>(items: readonly T[]): readonly T[] =>
  isLong ? items : items.filter((_, index) => index % 9 === 0)
