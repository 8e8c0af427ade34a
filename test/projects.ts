import { availableParallelism } from 'node:os'
import { resolve } from 'node:path'
import react from '@vitejs/plugin-react'
import { playwright } from '@vitest/browser-playwright'
import type { UserConfig } from 'vite'
import type { TestProjectInlineConfiguration } from 'vitest/config'
import type { BrowserProviderOption } from 'vitest/node'
import { type EngineName, findChromium, findFirefox, whyMissing } from '../scripts/support/browsers.mjs'
import { apiBenchCommands } from './browser/api/support/commands.ts'
import { headlessLaunch } from './support/browser-path.ts'
import { isLong } from './support/is-long.ts'
import { webKitProvider } from './support/webkit/webkit-provider.ts'

// Journeys have the machine to themselves, after the suites that need less of it.
const JOURNEYS_GROUP = 1

// Vitest leaves one core to itself; on two cores that would leave one for all tests.
const WORKERS = Math.max(2, availableParallelism() - 1)

/** The suites of `npm test`, one project per folder of `test/`. */
export function testProjects(source: UserConfig): TestProjectInlineConfiguration[] {
  return [
    nodeProject(source, 'unit', {
      include: ['test/unit/**/*.test.{ts,tsx}', 'test/architecture.test.ts'],
      setupFiles: ['test/support/no-secret-told.ts'],
    }),
    nodeProject(source, 'fuzz', { include: ['test/fuzz/**/*.test.ts'] }),
    nodeProject(source, 'contract', { include: ['test/contract/**/*.test.ts'], testTimeout: 30_000 }),
    nodeProject(source, 'conformance', { include: ['test/conformance/**/*.test.ts'], testTimeout: 30_000 }),
    nodeProject(source, 'simulation', {
      include: ['test/simulation/**/*.test.ts'],
      testTimeout: 300_000,
    }),
    nodeProject(source, 'package', {
      include: ['test/package/**/*.test.ts'],
      // Only one of the two files that pack the packages: they would build them at the same time.
      exclude: [isLong ? 'test/package/tarballs.test.ts' : 'test/package/next.test.ts'],
      testTimeout: 120_000,
      hookTimeout: 300_000,
    }),
    browserProject(source, 'browser', {
      setupFiles: ['test/browser/react/support/patience.ts'],
      include: ['test/browser/**/*.test.{ts,tsx}'],
      browser: chromium(),
    }),
    browserProject(withReact18(source), 'react-18', {
      setupFiles: ['test/browser/react/support/patience.ts'],
      include: ['test/browser/react/**/*.test.{ts,tsx}'],
      browser: chromium(),
    }),
    engineProject(source, 'firefox', () => playwright({ launchOptions: findFirefox() ?? {} })),
    engineProject(source, 'webkit', webKitProvider),
    nodeProject(source, 'journeys', {
      include: ['test/journeys/**/*.test.ts'],
      // The tarballs are tested with Playwright Test too.
      exclude: isLong
        ? []
        : ['test/journeys/playwright-recipe.test.ts', 'test/journeys/console-refusals.test.ts'],
      globalSetup: ['test/journeys/support/build-sites.ts'],
      testTimeout: 60_000,
      hookTimeout: 60_000,
      // A test of `describe.concurrent` waits for most of its time.
      maxConcurrency: 15,
      sequence: { groupOrder: JOURNEYS_GROUP },
    }),
  ]
}

type TestOptions = NonNullable<TestProjectInlineConfiguration['test']>

function nodeProject(source: UserConfig, name: string, test: TestOptions): TestProjectInlineConfiguration {
  return {
    ...source,
    plugins: [react()],
    // The files of a process share its modules and its browser: loading them for each costs more than the tests do.
    test: { name, environment: 'node', isolate: false, testTimeout: 10_000, maxWorkers: WORKERS, ...test },
  }
}

// With discovery off, Vite never finds a dependency late and never reloads the page in the middle of a test;
// whatever is CommonJS and imported by a browser test must therefore stand in this list.
const BUNDLED_FOR_BROWSER = [
  '@tanstack/react-query',
  '@tanstack/react-router',
  '@testing-library/dom',
  '@testing-library/react',
  'axe-core',
  'fast-check',
  'idb-keyval',
  'oauth4webapi',
  'react',
  'react-dom',
  'react-dom/client',
  'react-dom/server.browser',
  'react-router',
  'react/jsx-dev-runtime',
  'react/jsx-runtime',
]

type BrowserOptions = NonNullable<TestOptions['browser']>

function browserProject(
  source: UserConfig,
  name: string,
  test: TestOptions,
  bundled: string[] = BUNDLED_FOR_BROWSER,
): TestProjectInlineConfiguration {
  return {
    ...source,
    plugins: [react()],
    optimizeDeps: { noDiscovery: true, include: bundled },
    // Vitest runs the commands of a browser test in Node, in an environment of its own.
    environments: { __vitest__: { resolve: source.ssr?.resolve ?? {} } },
    test: { name, testTimeout: 15_000, fileParallelism: false, ...test },
  }
}

const BROWSER: BrowserOptions = { enabled: true, headless: true, ui: false, screenshotFailures: false }

function chromium(): BrowserOptions {
  return {
    ...BROWSER,
    commands: apiBenchCommands(),
    provider: playwright(findChromium() ? { launchOptions: headlessLaunch() } : {}),
    instances: [{ browser: 'chromium' }],
  }
}

// The ports are where engines differ: their contracts hold in each. Where an engine is missing, one test says so.
function engineProject(
  source: UserConfig,
  name: EngineName,
  provider: () => BrowserProviderOption,
): TestProjectInlineConfiguration {
  const missing = whyMissing(name)
  if (missing)
    return nodeProject(source, name, {
      include: ['test/engines/missing.test.ts'],
      provide: { missingEngine: missing },
    })
  const browser: BrowserOptions = {
    ...BROWSER,
    // WebKitGTK has no mode without a window: its provider brings a screen.
    headless: name === 'firefox',
    provider: provider(),
    instances: [{ browser: name }],
  }
  const include = ['test/browser/ports/**/*.test.ts']
  return browserProject(source, name, { include, browser }, ['idb-keyval'])
}

// The adapter promises React 18 and 19: the same tests, with the workspace that pins React 18 in front.
function withReact18(source: UserConfig): UserConfig {
  const folder = resolve(import.meta.dirname, '../react-18/node_modules')
  const alias = ['react', 'react-dom'].map((name) => ({
    find: new RegExp(`^${name}(/.*)?$`),
    replacement: `${resolve(folder, name)}$1`,
  }))
  return { ...source, resolve: { ...source.resolve, alias } }
}
