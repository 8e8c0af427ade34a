import { createHash } from 'node:crypto'
import type { createClient, sessionKeyOf } from '../../packages/core/src/client.ts'
import type { resolveOptions } from '../../packages/core/src/options.ts'
import { loadMutatedCore } from '../support/mutated-core.ts'
import type { Mutation } from '../support/mutation.ts'
import { createRandom, type Random } from './random.ts'

/** Core, ready to be run many times a second. */
export interface Core {
  readonly createClient: typeof createClient
  readonly resolveOptions: typeof resolveOptions
  readonly sessionKeyOf: typeof sessionKeyOf
  /** Determines every id, state and code verifier from here on. */
  readonly reseed: (seed: number) => void
}

/**
 * Random bytes that a seed determines, digests that need no other thread, and keys whose signatures prove nothing: a
 * schedule must replay exactly.
 */
function createDeterministicCrypto(random: () => Random) {
  return {
    getRandomValues: (bytes: Uint8Array) => {
      for (let n = 0; n < bytes.length; n++) bytes[n] = random().below(256)
      return bytes
    },
    subtle: {
      digest: async (_algorithm: string, data: Uint8Array) =>
        new Uint8Array(createHash('sha256').update(data).digest()).buffer,
      generateKey: async () => ({
        privateKey: { type: 'private' },
        publicKey: { type: 'public', id: String(random().below(2 ** 31)) },
      }),
      exportKey: async (_format: string, { id }: { readonly id: string }) => ({
        crv: 'P-256',
        kty: 'EC',
        x: id,
        y: id,
      }),
      sign: async () => new Uint8Array(64).buffer,
    },
  }
}

/** The shipped sources as one function: no module loader takes part in a schedule. */
export async function loadCore(mutations: readonly Mutation[] = []): Promise<Core> {
  let random = createRandom(0)
  const { createClient, resolveOptions, sessionKeyOf } = await loadMutatedCore<Omit<Core, 'reseed'>>(
    ['createClient', 'resolveOptions', 'sessionKeyOf'],
    mutations,
    { crypto: createDeterministicCrypto(() => random) },
  )
  return {
    createClient,
    resolveOptions,
    sessionKeyOf,
    reseed: (seed) => {
      random = createRandom(seed)
    },
  }
}
