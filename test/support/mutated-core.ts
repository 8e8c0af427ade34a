import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { build } from 'esbuild'
import { ROOT } from './source-files.ts'

const sources = resolve(ROOT, 'packages/core/src')

/** One change to the text of core: to show that breaking it is noticed. */
export interface Mutation {
  /** Path below `packages/core/src/`. */
  readonly file: string
  /** Text that occurs exactly once. */
  readonly find: string
  readonly replace: string
}

/** `text` of the file that `mutation` means, with the change in it. */
export function mutate(text: string, { file, find, replace }: Mutation): string {
  if (text.split(find).length !== 2) throw new Error(`${file} does not hold this once: ${find}`)
  return text.replace(find, () => replace)
}

/**
 * Bundles the shipped sources into one CommonJS module, as an app's bundler would. What core loads by `import()` is
 * then there within microtasks.
 *
 * @param contents a module below `packages/core/src/` that exports what is wanted of core
 */
export async function bundleCore(contents: string, mutations: readonly Mutation[] = []): Promise<string> {
  const pending = new Set(mutations)
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: sources },
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
          onLoad({ filter: /packages[/\\]core[/\\]src[/\\].*\.ts$/ }, ({ path }) => {
            const own = [...pending].filter(({ file }) => resolve(sources, file) === path)
            for (const mutation of own) pending.delete(mutation)
            return { contents: own.reduce(mutate, readFileSync(path, 'utf8')), loader: 'ts' }
          })
        },
      },
    ],
  })
  for (const { file } of pending) throw new Error(`${file} is not part of core as it is bundled here`)
  return outputFiles[0]?.text ?? ''
}
