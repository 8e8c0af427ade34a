import { resolve } from 'node:path'
import { compileFunction } from 'node:vm'
import { build, type Plugin } from 'esbuild'
import type { Mutation } from './mutation.ts'
import { ROOT, readFiles } from './source-files.ts'

const folder = 'packages/core/src'

const declarationOf = (symbol: string): RegExp =>
  new RegExp(`^export ((?:async )?function |const )${symbol}\\b`, 'gm')

/** The module of core that declares `symbol`. @throws {Error} no module does, or more than one */
function moduleOf(symbol: string, sources: ReadonlyMap<string, string>): string {
  const paths = [...sources].flatMap(([path, text]) =>
    [...text.matchAll(declarationOf(symbol))].map(() => path),
  )
  const [path] = paths
  if (path !== undefined && paths.length === 1) return path
  throw new Error(
    `"${symbol}" must be exported in one place of core; it is exported in ${paths.join(', ') || 'none'}`,
  )
}

/** `text` with the export under another name, and in its place what `replaceExport` makes of it. */
function withReplaceable(text: string, symbol: string): string {
  const original = `${symbol}$original`
  const renamed = text.replace(declarationOf(symbol), (_, kind: string) => `${kind}${original}`)
  const replaced = `replaceExport('${symbol}', ${original})`
  // A function is there before its module has run, as the original is.
  return /^export const /m.test(text.match(declarationOf(symbol))?.[0] ?? '')
    ? `${renamed}\nexport const ${symbol} = ${replaced}`
    : `${renamed}\nexport function ${symbol}(...given) { return ${replaced}(...given) }`
}

function replaceablePlugin(
  symbols: ReadonlyMap<string, string>,
  sources: ReadonlyMap<string, string>,
): Plugin {
  const texts = new Map(sources)
  for (const [symbol, path] of symbols) texts.set(path, withReplaceable(texts.get(path) ?? '', symbol))
  const byFile = new Map([...texts].map(([path, text]) => [resolve(ROOT, path), text]))
  return {
    name: 'replaceable-exports',
    setup: ({ onLoad }) => {
      onLoad({ filter: /\.ts$/ }, ({ path }) => {
        const contents = byFile.get(path)
        return contents === undefined ? undefined : { contents, loader: 'ts' }
      })
    },
  }
}

/** Memoizes: an export is replaced once, whoever uses it. */
function createReplacer(mutations: readonly Mutation[]) {
  const replaced = new Map<string, unknown>()
  return (symbol: string, original: unknown): unknown => {
    if (!replaced.has(symbol)) {
      const own = mutations.filter((mutation) => mutation.symbol === symbol)
      replaced.set(
        symbol,
        own.reduce((inner, { replacement }) => replacement(inner as never), original),
      )
    }
    return replaced.get(symbol)
  }
}

/**
 * Bundles the shipped sources, as an app's bundler would, with some of their exports replaced, and runs the bundle.
 * What core loads by `import()` is then there within microtasks.
 *
 * @param names the exports of core that are wanted
 * @param globals what the bundle sees in place of the globals of these names
 * @throws {Error} a mutation names what core does not export, or what the bundle does not contain
 */
export async function loadMutatedCore<Exports>(
  names: readonly (keyof Exports & string)[],
  mutations: readonly Mutation[] = [],
  globals: Readonly<Record<string, unknown>> = {},
): Promise<Exports> {
  const sources = readFiles([folder], /\.(ts|js)$/)
  const symbols = new Map(mutations.map(({ symbol }) => [symbol, moduleOf(symbol, sources)]))
  const { outputFiles, metafile } = await build({
    stdin: {
      contents: names.map((name) => `export { ${name} } from './${moduleOf(name, sources)}'`).join('\n'),
      resolveDir: ROOT,
    },
    bundle: true,
    write: false,
    metafile: true,
    absWorkingDir: ROOT,
    format: 'cjs',
    platform: 'browser',
    target: 'es2022',
    conditions: ['source'],
    logLevel: 'silent',
    plugins: [replaceablePlugin(symbols, sources)],
  })
  for (const [symbol, path] of symbols) {
    if (!metafile.inputs[path])
      throw new Error(`"${symbol}" of ${path} is not part of core as it is bundled here`)
  }
  const module = { exports: {} as Exports }
  const run = compileFunction(
    outputFiles[0]?.text ?? '',
    ['module', 'exports', 'replaceExport', ...Object.keys(globals)],
    { filename: 'core.cjs' },
  )
  run(module, module.exports, createReplacer(mutations), ...Object.values(globals))
  return module.exports
}
