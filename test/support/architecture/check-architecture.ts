import { posix } from 'node:path'
import ts from 'typescript'
import { globalsOf } from './globals.ts'
import { type Import, importsOf } from './imports.ts'
import { ALLOWED_IN_REACT, CORE_LAYERS, coreLayerOf } from './layers.ts'
import { type Breach, breachesOfForm, breachesOfIndex, breachesOfStyle } from './shape.ts'

const SHIPPED = /^packages\/(core|react|api|emulator)\/src\/(.+)$/
// Storybook reads what a file of stories is about from its default export.
const MAY_EXPORT_DEFAULT = /^vite\.config\.ts$|\.stories\.tsx$/
const MAY_IMPORT_EMULATOR = /^(vite\.config\.ts$|demo\/|test\/)/
const MAY_START_BROWSERS = /^test\/journeys\/(support\/browser(-user)?|engines\/support\/firefox)\.ts$/
const WORKSPACE_PACKAGE = /^@telnyx-oauth\/([a-z]+)(\/|$)/

/** What each package may import besides its own files; core's answer depends on the layer. */
const PACKAGE_IMPORTS: Readonly<Record<string, (specifier: string, inner: string) => boolean>> = {
  react: (specifier, inner) =>
    /^(react|@telnyx-oauth\/core)(\/|$)/.test(specifier) ||
    (specifier === 'react-dom' && inner.startsWith('devtools/')),
  api: () => false,
  emulator: (specifier) => !WORKSPACE_PACKAGE.test(specifier),
}

/**
 * Holds sources against the rules of the house.
 *
 * @param files path below the repository's root, with forward slashes, to text
 * @returns one sentence per violation, `path:line` first
 */
export function checkArchitecture(files: ReadonlyMap<string, string>): string[] {
  const program = programOf(files)
  const checker = program.getTypeChecker()
  const breaches: string[] = []
  for (const path of files.keys()) {
    const file = program.getSourceFile(path)
    if (!file) throw new TypeError(`${path} is no TypeScript file`)
    const found = [
      ...breachesOfForm(file),
      ...breachesOfImports(path, importsOf(file)),
      ...breachesOfPackage(path, file, checker),
    ]
    for (const { line, rule } of found) {
      if (!(MAY_EXPORT_DEFAULT.test(path) && rule.includes('default export')))
        breaches.push(`${path}:${line} ${rule}`)
    }
  }
  return breaches
}

function breachesOfPackage(path: string, file: ts.SourceFile, checker: ts.TypeChecker): Breach[] {
  const [, name, inner = ''] = SHIPPED.exec(path) ?? []
  if (!name) return []
  const found = breachesOfStyle(file)
  if (posix.basename(path) === 'index.ts') found.push(...breachesOfIndex(file))
  if (!mayTouchGlobals(name, inner)) {
    const uses = globalsOf(file, checker).filter(
      (use) => name !== 'react' || !ALLOWED_IN_REACT.includes(use.name),
    )
    found.push(...uses.map((use) => ({ line: use.line, rule: `touches ${use.name}: only ports/ may` })))
  }
  return found
}

function mayTouchGlobals(name: string, inner: string): boolean {
  if (name === 'react') return inner === 'devtools/browser.ts'
  return name !== 'core' || coreLayerOf(inner) === 'ports'
}

function breachesOfImports(path: string, imports: readonly Import[]): Breach[] {
  const [, name, inner = ''] = SHIPPED.exec(path) ?? []
  return imports.flatMap((one) => {
    const problem =
      emulatorProblem(path, one) ??
      browserProblem(path, one) ??
      (name ? packageProblem(name, inner, path, one) : undefined)
    return problem ? [{ line: one.line, rule: `imports ${one.specifier}: ${problem}` }] : []
  })
}

function emulatorProblem(path: string, { specifier }: Import): string | undefined {
  const target = specifier.startsWith('.') ? posix.join(posix.dirname(path), specifier) : specifier
  const isEmulator =
    target.startsWith('packages/emulator/') || WORKSPACE_PACKAGE.exec(target)?.[1] === 'emulator'
  if (!isEmulator || path.startsWith('packages/emulator/') || MAY_IMPORT_EMULATOR.test(path)) return undefined
  return 'the emulator is for the demo, vite.config.ts and tests'
}

function browserProblem(path: string, { specifier, isTypeOnly }: Import): string | undefined {
  const isBrowser = path.startsWith('test/journeys/') && specifier === 'playwright' && !isTypeOnly
  if (!isBrowser || MAY_START_BROWSERS.test(path)) return undefined
  return 'journeys take a browser from support/browser.ts, which searches what its pages say'
}

function packageProblem(name: string, inner: string, path: string, one: Import): string | undefined {
  if (one.specifier.startsWith('.')) {
    const target = posix.relative(`packages/${name}/src`, posix.join(posix.dirname(path), one.specifier))
    if (target.startsWith('../')) return `a package's sources import no file outside them`
    if (!/\.tsx?$/.test(target)) return 'relative imports name the .ts or .tsx file'
    return name === 'core' ? layerProblem(inner, target, one.isTypeOnly) : undefined
  }
  if (name === 'core') return secretProblem(inner, one.specifier)
  return PACKAGE_IMPORTS[name]?.(one.specifier, inner) ? undefined : `packages/${name} may not`
}

function layerProblem(from: string, to: string, isTypeOnly: boolean): string | undefined {
  const [source, target] = [coreLayerOf(from), coreLayerOf(to)]
  const layer = source === undefined ? undefined : CORE_LAYERS[source]
  if (!layer) return `${from} belongs to no layer of core`
  if (!target) return `${to} belongs to no layer of core`
  if (source === target || layer.imports.includes(target) || (isTypeOnly && layer.types?.includes(target)))
    return undefined
  return `no arrow leads from ${source} to ${target}${layer.types?.includes(target) ? ', but for types' : ''}`
}

function secretProblem(from: string, specifier: string): string | undefined {
  const source = coreLayerOf(from)
  if (source && CORE_LAYERS[source]?.packages?.includes(specifier)) return undefined
  const owner = Object.entries(CORE_LAYERS).find(([, layer]) => layer.packages?.includes(specifier))?.[0]
  return owner ? `only ${owner}/ may` : 'packages/core has two dependencies and this is neither'
}

/** A program of these files alone: nothing is resolved or read, so whatever is undeclared in it is a global. */
function programOf(files: ReadonlyMap<string, string>): ts.Program {
  const options: ts.CompilerOptions = {
    noLib: true,
    noResolve: true,
    types: [],
    jsx: ts.JsxEmit.Preserve,
    target: ts.ScriptTarget.ESNext,
    module: ts.ModuleKind.ESNext,
  }
  const host: ts.CompilerHost = {
    getSourceFile: (path, languageVersion) => {
      const text = files.get(path)
      return text === undefined ? undefined : ts.createSourceFile(path, text, languageVersion, true)
    },
    fileExists: (path) => files.has(path),
    readFile: (path) => files.get(path),
    getDefaultLibFileName: () => 'lib.d.ts',
    getCurrentDirectory: () => '',
    getCanonicalFileName: (path) => path,
    useCaseSensitiveFileNames: () => true,
    getNewLine: () => '\n',
    writeFile: () => {},
  }
  return ts.createProgram([...files.keys()], options, host)
}
