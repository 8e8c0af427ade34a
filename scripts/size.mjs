// npm run size: the bytes that an app downloads for each entry, minified and brotli-compressed, against its budget.
// Another table of budgets may be named as the first argument.
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { brotliCompressSync, constants } from 'node:zlib'
import { build } from 'esbuild'
import { ROOT } from './support/install.mjs'

/**
 * @typedef {object} Budget
 * @property {string} name what the table calls it
 * @property {string} code what the app writes
 * @property {string[]} [secondWave] sources of lazily loaded chunks that are added, each wave joined and compressed
 * @property {string[]} [external] packages that the app has anyway
 * @property {number} limitBytes most brotli bytes; a kB is 1000 of them
 * @property {number} [aimBytes] what we would like it to be
 * @property {string[]} dependencies packages whose share is shown
 * @property {string[]} forbiddenStrings what must not be in it
 * @property {string[]} [forbiddenInputs] beginnings of paths that must not have gone into it
 *
 * @typedef {{ budget: Budget, minifiedBytes: number, brotliBytes: number, lateBytes: number, share: number, problems: string[] }} Measurement
 */

/** @type {Budget[]} */
const budgets = JSON.parse(
  readFileSync(resolve(process.argv[2] ?? join(ROOT, 'scripts', 'size-budgets.json')), 'utf8'),
)
const measurements = await Promise.all(
  budgets.map((budget) => measure(budget).catch((error) => unbuilt(budget, error))),
)
print(measurements)
if (measurements.some(({ problems }) => problems.length > 0)) process.exitCode = 1

/**
 * @param {Budget} budget
 * @returns {Promise<Measurement>}
 */
async function measure(budget) {
  const bundle = await build({
    stdin: { contents: budget.code, resolveDir: ROOT, sourcefile: 'entry.js' },
    external: budget.external ?? [],
    absWorkingDir: ROOT,
    outdir: 'out',
    bundle: true,
    write: false,
    metafile: true,
    minify: true,
    splitting: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    conditions: ['source'],
    legalComments: 'none',
    define: { 'process.env.NODE_ENV': '"production"' },
    logLevel: 'silent',
  })
  const { outputs } = bundle.metafile
  const initial = initialChunks(outputs)
  const compressed = new Map(bundle.outputFiles.map((file) => [file.path, brotli(file.contents)]))
  const sizeOf = (/** @type {string} */ path) => compressed.get(join(ROOT, path)) ?? 0
  const texts = bundle.outputFiles
    .filter((file) => initial.some((path) => join(ROOT, path) === file.path))
    .map((file) => file.text)
  const inputs = initial.flatMap((path) => Object.entries(outputs[path]?.inputs ?? {}))
  const minifiedBytes = sum(initial.map((path) => outputs[path]?.bytes ?? 0))
  const joined = (/** @type {string[]} */ paths) => {
    const files = bundle.outputFiles.filter((file) => paths.some((path) => join(ROOT, path) === file.path))
    return files.length > 0 ? brotli(Buffer.concat(files.map(({ contents }) => contents))) : 0
  }
  const brotliBytes = budget.secondWave
    ? joined(initial) + joined(secondWave(outputs, budget.secondWave, initial))
    : sum(initial.map(sizeOf))
  return {
    budget,
    minifiedBytes,
    brotliBytes,
    lateBytes: sum(Object.keys(outputs).map(sizeOf)) - brotliBytes,
    share:
      sum(
        inputs
          .filter(([path]) => isFrom(path, budget.dependencies))
          .map(([, { bytesInOutput }]) => bytesInOutput),
      ) / minifiedBytes,
    problems: problemsOf(
      budget,
      brotliBytes,
      texts,
      inputs.filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([path]) => path),
    ),
  }
}

/**
 * @param {Budget} budget
 * @param {Error} error
 * @returns {Measurement}
 */
function unbuilt(budget, error) {
  return {
    budget,
    minifiedBytes: 0,
    brotliBytes: 0,
    lateBytes: 0,
    share: 0,
    problems: [`does not build: ${error.message}`],
  }
}

/**
 * The entry and what it imports statically: `import()` is paid for when it is called.
 *
 * @param {import('esbuild').Metafile['outputs']} outputs
 */
function initialChunks(outputs) {
  return withStaticImports(
    outputs,
    Object.keys(outputs).filter(
      (path) => outputs[path]?.entryPoint === 'entry.js' || path.endsWith('/stdin.js'),
    ),
  )
}

/**
 * The chunks of lazily loaded sources, without those that are there already.
 *
 * @param {import('esbuild').Metafile['outputs']} outputs
 * @param {string[]} sources
 * @param {string[]} initial
 */
function secondWave(outputs, sources, initial) {
  const entries = sources.map((source) => {
    const entry = Object.keys(outputs).find((path) => outputs[path]?.entryPoint === source)
    if (!entry) throw new Error(`${source} is no chunk`)
    return entry
  })
  return withStaticImports(outputs, entries).filter((path) => !initial.includes(path))
}

/**
 * @param {import('esbuild').Metafile['outputs']} outputs
 * @param {string[]} entries
 */
function withStaticImports(outputs, entries) {
  const all = [...entries]
  for (const path of all) {
    const chunks = (outputs[path]?.imports ?? []).filter(
      ({ kind, external }) => kind === 'import-statement' && !external,
    )
    all.push(...chunks.map((chunk) => chunk.path).filter((chunk) => !all.includes(chunk)))
  }
  return all
}

/** @param {Uint8Array} bytes */
function brotli(bytes) {
  return brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length
}

/**
 * @param {Budget} budget
 * @param {number} brotliBytes
 * @param {string[]} texts
 * @param {string[]} inputs
 */
function problemsOf(budget, brotliBytes, texts, inputs) {
  const problems = budget.forbiddenStrings
    .filter((string) => texts.some((text) => text.includes(string)))
    .map((string) => `contains "${string}"`)
  for (const prefix of budget.forbiddenInputs ?? []) {
    const path = inputs.find((input) => input.startsWith(prefix))
    if (path) problems.push(`contains ${path}`)
  }
  if (brotliBytes === 0) problems.push('is empty')
  if (brotliBytes > budget.limitBytes)
    problems.push(`is ${brotliBytes - budget.limitBytes} bytes over its budget`)
  return problems
}

/**
 * @param {string} path
 * @param {string[]} packages
 */
function isFrom(path, packages) {
  return packages.some((name) => path.includes(`node_modules/${name}/`))
}

/** @param {number[]} numbers */
function sum(numbers) {
  return numbers.reduce((total, number) => total + number, 0)
}

/** @param {Measurement[]} rows */
function print(rows) {
  const kB = (/** @type {number} */ bytes) => `${(bytes / 1000).toFixed(2)} kB`
  const cells = rows.map(({ budget, minifiedBytes, brotliBytes, lateBytes, share }) => [
    budget.name,
    kB(minifiedBytes),
    kB(brotliBytes),
    kB(budget.limitBytes) + (budget.aimBytes ? `, aim ${kB(budget.aimBytes)}` : ''),
    budget.dependencies.length > 0 ? `${Math.round(share * 100)} %` : '',
    lateBytes > 0 ? kB(lateBytes) : '',
  ])
  const table = [['entry', 'minified', 'brotli', 'budget', 'dependencies', 'loaded later'], ...cells]
  const widths = (table[0] ?? []).map((_, column) =>
    Math.max(...table.map((row) => (row[column] ?? '').length)),
  )
  for (const row of table)
    console.log(
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
  for (const { budget, problems } of rows)
    for (const problem of problems) console.log(`${budget.name} ${problem}`)
}
