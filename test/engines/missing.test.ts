import { inject, test } from 'vitest'

declare module 'vitest' {
  interface ProvidedContext {
    /** Why the engine that a project is for cannot be driven here. */
    missingEngine: string
  }
}

test('the ports keep their contracts in this engine', (context) => context.skip(inject('missingEngine')))
