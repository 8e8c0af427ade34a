import type { TestAPI } from 'vitest'
import type { EngineName } from '../../../../scripts/support/browsers.mjs'
import { test as journeyTest } from '../../support/fixtures.ts'
import { startFirefox } from './firefox.ts'
import type { Engine, Visit } from './tab.ts'
import { startWebKitEngine } from './webkit.ts'

interface FileFixtures {
  /** Starts an engine at its first use. */
  readonly start: (name: EngineName) => Promise<Engine>
}

interface TestFixtures {
  readonly engineName: EngineName
  /** A person with a fresh profile of the engine, at the demo. */
  readonly visit: Visit
}

type JourneyFixtures = typeof journeyTest extends TestAPI<infer Fixtures> ? Fixtures : never

const START: Readonly<Record<EngineName, () => Promise<Engine>>> = {
  firefox: startFirefox,
  webkit: startWebKitEngine,
}

/** A journey through the demo in another engine than Chromium. */
export const test: TestAPI<JourneyFixtures & FileFixtures & TestFixtures> = journeyTest.extend<{
  $file: FileFixtures
  $test: TestFixtures
}>({
  start: [
    // biome-ignore lint/correctness/noEmptyPattern: Vitest reads what a fixture needs off this pattern
    async ({}, use) => {
      const started = new Map<EngineName, Promise<Engine>>()
      await use((name) => {
        const engine = started.get(name) ?? START[name]()
        started.set(name, engine)
        return engine
      })
      for (const engine of started.values()) await (await engine).stop()
    },
    { scope: 'file' },
  ],
  engineName: 'firefox',
  visit: async ({ start, engineName, consoleSite, emulator: _ }, use) => {
    const engine = await start(engineName)
    const visit = await engine.visit(consoleSite.origin)
    await use(visit)
    await visit.leave()
  },
})
