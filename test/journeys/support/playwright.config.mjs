// Runs the recipes of the documents as a reader would; the test that starts this says where the page and the port are.
import { join } from 'node:path'
import { CHROMIUM_FLAGS, findChromium } from '../../../scripts/support/browsers.mjs'

const { RECIPE_ORIGIN, RECIPE_EMULATOR_PORT, RECIPE_OUTPUT = 'test-results' } = process.env

export default {
  testDir: join(import.meta.dirname, '../recipes'),
  outputDir: RECIPE_OUTPUT,
  workers: 1,
  reporter: 'line',
  use: {
    baseURL: RECIPE_ORIGIN,
    emulatorOptions: { port: Number(RECIPE_EMULATOR_PORT) },
    launchOptions: { executablePath: findChromium(), args: [...CHROMIUM_FLAGS] },
  },
}
