// Runs the recipes of the documents as a reader would; the test that starts this says where the page is.
import { join } from 'node:path'
import { CHROMIUM_FLAGS, findChromium } from '../../../scripts/support/browsers.mjs'

const { RECIPE_ORIGIN, RECIPE_OUTPUT = 'test-results' } = process.env

export default {
  testDir: join(import.meta.dirname, '..'),
  testMatch: ['recipes/*.spec.ts', 'fixture-specs/*.spec.ts'],
  outputDir: RECIPE_OUTPUT,
  workers: 2,
  fullyParallel: true,
  reporter: 'json',
  use: {
    baseURL: RECIPE_ORIGIN,
    emulatorOptions: { port: 0 },
    launchOptions: { executablePath: findChromium(), args: [...CHROMIUM_FLAGS] },
  },
}
