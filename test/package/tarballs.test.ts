import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { build, createServer } from 'vite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Consumer, createConsumer, type Tarball } from '../support/consumer.ts'
import { entriesOf, PACKAGE_NAMES, type PackageName, readManifest } from '../support/packages.ts'
import { runNode } from '../support/run-node.ts'
import { ROOT, readFiles } from '../support/source-files.ts'

const app = `import { sharedWorkerFetch } from '@telnyx-oauth/core/shared-worker'
globalThis.refresh = sharedWorkerFetch()
`

/** Ways in which Vite serves the script of the SharedWorker to an app in `folder`, which has installed core. @returns the script */
const workerScripts: Readonly<Record<'build' | 'development', (folder: string) => Promise<string>>> = {
  build: async (folder) => {
    writeApp(folder)
    const outDir = mkdtempSync(join(tmpdir(), 'built-'))
    try {
      await build({ configFile: false, root: folder, logLevel: 'warn', build: { outDir, emptyOutDir: true } })
      const assets = readdirSync(join(outDir, 'assets'))
      const texts = new Map(assets.map((name) => [name, readFileSync(join(outDir, 'assets', name), 'utf8')]))
      const named = assets.find((name) =>
        [...texts.values()].some((text) => text.includes(`/assets/${name}`)),
      )
      return texts.get(named ?? '') ?? ''
    } finally {
      rmSync(outDir, { recursive: true, force: true })
    }
  },
  development: async (folder) => {
    writeApp(folder)
    const cacheDir = mkdtempSync(join(tmpdir(), 'cache-'))
    const server = await createServer({
      configFile: false,
      root: folder,
      cacheDir,
      logLevel: 'warn',
      server: { host: '127.0.0.1', port: 0, watch: null },
    })
    try {
      await server.listen()
      const [origin = ''] = server.resolvedUrls?.local ?? []
      const get = async (path: string) => (await fetch(new URL(path, origin))).text()
      const imported = /from "([^"]*shared-worker[^"]*)"/.exec(await get('/app.js'))?.[1] ?? ''
      const script = /new URL\("([^"]*refresh-worker[^"]*)"/.exec(await get(imported))?.[1] ?? ''
      return await get(new URL(script, new URL(imported, origin)).href)
    } finally {
      await server.close()
      rmSync(cacheDir, { recursive: true, force: true })
    }
  },
}

function writeApp(folder: string): void {
  writeFileSync(join(folder, 'index.html'), '<script type="module" src="/app.js"></script>')
  writeFileSync(join(folder, 'app.js'), app)
}

const folder = mkdtempSync(join(tmpdir(), 'consumer-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

let consumer: Consumer
beforeAll(async () => {
  consumer = await createConsumer(folder)
})

describe.each(PACKAGE_NAMES)('the tarball of %s', (name) => {
  it('holds its sources, what tsc makes of them, and nothing else', () => {
    expect(tarballOf(name).files).toEqual(expectedFiles(name))
  })

  it('satisfies publint, strictly', async () => {
    const buffer = readFileSync(tarballOf(name).path)
    const tarball = buffer.buffer.slice(buffer.byteOffset, buffer.byteOffset + buffer.byteLength)
    const { messages, pkg } = await publint({ pack: { tarball }, strict: true })
    expect(messages.map((message) => formatMessage(message, pkg))).toEqual([])
  })

  it('gives every module resolution the types that it runs', async () => {
    const attw = 'node_modules/@arethetypeswrong/cli/dist/index.js'
    const args = [attw, tarballOf(name).path, '--profile', 'esm-only', '--no-emoji', '--no-color']
    const { code, output } = await runNode(args)
    expect(code, output).toBe(0)
  })

  it('exports from a build what its sources export', async () => {
    for (const entry of entriesOf(readManifest(`packages/${name}`))) {
      const specifier = `@telnyx-oauth/${name}${entry.slice(1)}`
      // Vitest extends a test only while it runs: a test below runs it.
      if (specifier === '@telnyx-oauth/emulator/vitest') continue
      const script = join(folder, 'exports.mjs')
      writeFileSync(
        script,
        `import * as all from '${specifier}'\nconsole.log(JSON.stringify(Object.keys(all)))`,
      )
      const { code, output } = await runNode([script], folder)
      expect(code, output).toBe(0)
      expect(JSON.parse(output)).toEqual(Object.keys(await import(/* @vite-ignore */ specifier)).sort())
    }
  })

  it('names no file of this machine and nothing that is not published', () => {
    const installed = join(folder, 'node_modules', '@telnyx-oauth', name)
    const breaches = tarballOf(name).files.flatMap((path) => {
      const text = readFileSync(join(installed, path), 'utf8')
      return FORBIDDEN.filter((forbidden) => text.includes(forbidden)).map(
        (forbidden) => `${path}: ${forbidden}`,
      )
    })
    expect(breaches).toEqual([])
  })
})

describe('a project that installed the tarballs', () => {
  it.each(['nodenext', 'bundler'])('compiles with module resolution %s', async (resolution) => {
    const config = join(folder, `tsconfig.${resolution}.json`)
    writeFileSync(config, JSON.stringify({ compilerOptions: compilerOptions(resolution), include: ['src'] }))
    cpSync(join(import.meta.dirname, 'consumer'), join(folder, 'src'), { recursive: true })
    const { code, output } = await runNode(['node_modules/typescript/bin/tsc', '-p', config], folder)
    expect(output).toBe('')
    expect(code).toBe(0)
  })

  it.each(Object.entries(workerScripts))(
    'gets the script of the SharedWorker from Vite: %s',
    async (_, find) => {
      const installed = join(folder, 'node_modules/@telnyx-oauth/core/dist/ports/refresh-worker.js')
      const [code] = readFileSync(installed, 'utf8').split('//# sourceMappingURL')
      expect(await find(folder)).toContain(code)
      expect(code, 'what a classic worker cannot have').not.toMatch(/^(import|export)\b/m)
    },
  )

  it('runs the emulator by its command', async () => {
    const { bin = {} } = readManifest('packages/emulator')
    for (const path of Object.values(bin)) {
      const command = join(folder, 'node_modules', '@telnyx-oauth', 'emulator', path)
      const { code, output } = await runNode([command, '--help'], folder)
      expect(code, output).toBe(0)
      expect(output).toContain('--port')
    }
    expect(Object.keys(bin)).toEqual(['telnyx-oauth-emulator'])
  })

  it('gives an emulator to each of two workers of Playwright Test', async () => {
    plant('e2e/emulator.spec.js', emulatorTests('playwright', '@playwright/test'))
    plant('playwright.config.js', PLAYWRIGHT_CONFIG)
    const runner = join(ROOT, 'node_modules/@playwright/test/cli.js')
    const { stdout, output } = await runNode([runner, 'test'], folder)
    expect(JSON.parse(stdout).stats, output).toMatchObject({ expected: 2, unexpected: 0, flaky: 0 })
    expect(stdout.match(/"workerIndex": \d/g)?.toSorted()).toEqual(['"workerIndex": 0', '"workerIndex": 1'])
  })

  it('gives an emulator to each test of Vitest', async () => {
    plant('unit/vitest.config.js', 'export default {}')
    plant('unit/emulator.test.js', emulatorTests('vitest', 'vitest'))
    const runner = join(ROOT, 'node_modules/vitest/vitest.mjs')
    const { stdout, output } = await runNode([runner, 'run', '--root=unit', '--reporter=json'], folder)
    const { numPassedTests, numTotalTests } = JSON.parse(stdout)
    expect([numPassedTests, numTotalTests], output).toEqual([2, 2])
  })
})

const PLAYWRIGHT_CONFIG = `export default {
  testDir: 'e2e', workers: 2, fullyParallel: true, reporter: 'json', use: { emulatorOptions: { port: 0 } },
}`

/** Two tests that each count the requests of their own. */
function emulatorTests(entry: string, runner: string): string {
  return `import { expect } from '${runner}'
import { test } from '@telnyx-oauth/emulator/${entry}'
for (const name of ['one', 'another'])
  test(name, async ({ emulator }) => {
    await fetch(emulator.url + '/v2/oauth/jwks')
    expect(emulator.requests().map(({ endpoint }) => endpoint)).toEqual(['jwks'])
  })
`
}

function plant(path: string, text: string): void {
  mkdirSync(join(folder, path, '..'), { recursive: true })
  writeFileSync(join(folder, path), text)
}

function compilerOptions(resolution: string): object {
  return {
    module: resolution === 'nodenext' ? 'nodenext' : 'esnext',
    moduleResolution: resolution,
    target: 'es2022',
    lib: ['es2023', 'dom', 'dom.iterable'],
    jsx: 'react-jsx',
    types: [],
    noEmit: true,
    strict: true,
    exactOptionalPropertyTypes: true,
    // The declarations themselves are checked once; they are the same files both times.
    skipLibCheck: resolution !== 'nodenext',
  }
}

const FORBIDDEN = [ROOT, `${tmpdir()}/`, 'file://', 'workspace:', 'registry.', 'TODO', 'FIXME']

function tarballOf(name: PackageName): Tarball {
  const tarball = consumer.tarballs.find((one) => one.name === name)
  if (!tarball) throw new Error(`${name} was not packed`)
  return tarball
}

function expectedFiles(name: PackageName): string[] {
  const sources = [...readFiles([`packages/${name}/src`], /./).keys()].map((path) =>
    path.slice(`packages/${name}/`.length),
  )
  const built = sources.map((path) => path.replace(/^src\//, 'dist/').replace(/\.(tsx?|js)$/, ''))
  const emitted = built.flatMap((path) => [`${path}.js`, `${path}.js.map`, `${path}.d.ts`])
  return ['LICENSE', 'README.md', 'package.json', ...sources, ...emitted].sort()
}
