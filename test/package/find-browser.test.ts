import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import {
  findChromium,
  findFirefox,
  findHeadlessShell,
  findWebKit,
  whyMissing,
} from '../../scripts/support/browsers.mjs'

it('CHROME_PATH comes before what the machine has', () => {
  const path = plant('my-chrome')
  expect(findChromium({ ...process.env, CHROME_PATH: path })).toBe(path)
})

it('a CHROME_PATH that leads nowhere is not replaced by another browser', () => {
  expect(findChromium({ ...process.env, CHROME_PATH: join(tmpdir(), 'no-such-browser') })).toBeUndefined()
})

it('a browser on the PATH is found by any of its usual names', () => {
  for (const name of ['chromium', 'chromium-browser', 'google-chrome']) {
    const path = plantProgram(name)
    expect(findChromium({ PATH: dirname(path) })).toBe(path)
  }
})

it('the headless shell is found on the PATH, unless CHROME_PATH names a browser', () => {
  const path = plantProgram('chromium-headless-shell')
  const env = { PATH: dirname(path) }
  expect(findHeadlessShell(env)).toBe(path)
  expect(findHeadlessShell({ ...env, CHROME_PATH: path })).toBeUndefined()
})

it('FIREFOX_PATH comes before what the machine has, and is not replaced when it leads nowhere', () => {
  const path = plant('my-firefox')
  expect(findFirefox({ ...process.env, FIREFOX_PATH: path })).toEqual({
    executablePath: path,
    channel: 'moz-firefox',
  })
  const env = { ...process.env, FIREFOX_PATH: join(tmpdir(), 'no-such-browser') }
  expect(findFirefox(env)).toBeUndefined()
  expect(whyMissing('firefox', env)).toBe(`FIREFOX_PATH is ${env.FIREFOX_PATH}, but there is no file.`)
})

it('an engine is there when all of its programs are on the PATH', () => {
  const firefox = plantProgram('firefox-esr')
  const driver = plantProgram('WebKitWebDriver')
  const display = plantProgram('Xvfb')
  expect(findFirefox({ PATH: dirname(firefox) })).toEqual({ executablePath: firefox, channel: 'moz-firefox' })
  expect(findWebKit({ PATH: [dirname(driver), dirname(display)].join(delimiter) })).toEqual({
    driver,
    display,
  })
  expect(findWebKit({ PATH: dirname(driver) })).toBeUndefined()
})

it('WebKitGTK is not on the PATH: one sentence says what to install', () => {
  expect(whyMissing('webkit', { PATH: '' })).toMatch(/^WebKitGTK [^.]+\.$/)
})

function plantProgram(name: string): string {
  return plant(process.platform === 'win32' ? `${name}.exe` : name)
}

/** Puts an executable of that name into a folder of its own. */
function plant(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'browser-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const path = join(folder, name)
  writeFileSync(path, '')
  chmodSync(path, 0o755)
  return path
}
