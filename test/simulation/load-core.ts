import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { compileFunction } from 'node:vm'
import { build } from 'esbuild'
import type { createClient } from '../../packages/core/src/client.ts'
import type { resolveOptions } from '../../packages/core/src/options.ts'
import { createRandom, type Random } from './random.ts'

const sources = resolve(import.meta.dirname, '../../packages/core/src')

/** One change to the text of core: to show that breaking it is noticed. */
export interface Mutation {
  /** Path below `packages/core/src/`. */
  readonly file: string
  /** Text that occurs exactly once. */
  readonly find: string
  readonly replace: string
}

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

function mutated(path: string, text: string, mutations: readonly Mutation[]): string {
  return mutations
    .filter(({ file }) => resolve(sources, file) === path)
    .reduce((before, { file, find, replace }) => {
      if (before.split(find).length !== 2) throw new Error(`${file} does not hold this once: ${find}`)
      return before.replace(find, () => replace)
    }, text)
}

/**
 * Bundles the shipped sources into one function, as an app's bundler would. What core loads by `import()` is then
 * there within microtasks, and no module loader takes part in a schedule.
 */
export async function loadCore(mutations: readonly Mutation[] = []): Promise<Core> {
  const { outputFiles } = await build({
    stdin: {
      contents: `export { createClient } from './client.ts'; export { resolveOptions } from './options.ts'`,
      resolveDir: sources,
    },
    bundle: true,
    write: false,
    format: 'cjs',
    platform: 'browser',
    target: 'es2022',
    conditions: ['source'],
    logLevel: 'silent',
    plugins: [
      {
        name: 'mutations',
        setup: ({ onLoad }) => {
          onLoad({ filter: /packages[/\\]core[/\\]src[/\\].*\.ts$/ }, ({ path }) => ({
            contents: mutated(path, readFileSync(path, 'utf8'), mutations),
            loader: 'ts',
          }))
        },
      },
    ],
  })
  let random = createRandom(0)
  const module = { exports: {} as Omit<Core, 'reseed'> }
  const run = compileFunction(outputFiles[0]?.text ?? '', ['module', 'exports', 'crypto'], {
    filename: 'core.cjs',
  })
  run(
    module,
    module.exports,
    createDeterministicCrypto(() => random),
  )
  const { createClient, resolveOptions } = module.exports
  return {
    createClient,
    resolveOptions,
    reseed: (seed) => {
      random = createRandom(seed)
    },
  }
}
