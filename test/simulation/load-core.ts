import { createHash } from 'node:crypto'
import type { createClient } from '../../packages/core/src/client.ts'
import type { resolveOptions } from '../../packages/core/src/options.ts'
import { loadMutatedCore } from '../support/mutated-core.ts'
import type { Mutation } from '../support/mutation.ts'
import { createRandom, type Random } from './random.ts'

/** Core, ready to be run many times a second. */
export interface Core {
  readonly createClient: typeof createClient
  readonly resolveOptions: typeof resolveOptions
  /** Determines every id, state and code verifier from here on. */
  readonly reseed: (seed: number) => void
}

/** Random bytes that a seed determines, and digests that need no other thread: a schedule must replay exactly. */
function createDeterministicCrypto(random: () => Random) {
  return {
    getRandomValues: (bytes: Uint8Array) => {
      for (let n = 0; n < bytes.length; n++) bytes[n] = random().below(256)
      return bytes
    },
    subtle: {
      digest: async (_algorithm: string, data: Uint8Array) =>
        new Uint8Array(createHash('sha256').update(data).digest()).buffer,
    },
  }
}

/** The shipped sources as one function: no module loader takes part in a schedule. */
export async function loadCore(mutations: readonly Mutation[] = []): Promise<Core> {
  let random = createRandom(0)
  const core = await loadMutatedCore<Omit<Core, 'reseed'>>(['createClient', 'resolveOptions'], mutations, {
    crypto: createDeterministicCrypto(() => random),
  })
  return {
    createClient: core.createClient,
    resolveOptions: core.resolveOptions,
    reseed: (seed) => {
      random = createRandom(seed)
    },
  }
}
