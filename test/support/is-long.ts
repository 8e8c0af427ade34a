/** Whether the whole amounts run (`npm run test:long`), and not only as many as a change needs. */
export const isLong: boolean = process.env.TEST_LONG === '1'
