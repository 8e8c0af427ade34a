import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { findBrowser } from '../../scripts/support/browser.mjs'

it('CHROME_PATH comes before what the machine has', () => {
  const path = plant('my-chrome')
  expect(findBrowser({ ...process.env, CHROME_PATH: path })).toBe(path)
})

it('a CHROME_PATH that leads nowhere is not replaced by another browser', () => {
  expect(findBrowser({ ...process.env, CHROME_PATH: join(tmpdir(), 'no-such-browser') })).toBeUndefined()
})

it('a browser on the PATH is found by any of its usual names', () => {
  for (const name of ['chromium', 'chromium-browser', 'google-chrome']) {
    const path = plant(process.platform === 'win32' ? `${name}.exe` : name)
    expect(findBrowser({ PATH: dirname(path) })).toBe(path)
  }
})

/** Puts an executable of that name into a folder of its own. */
function plant(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'browser-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const path = join(folder, name)
  writeFileSync(path, '')
  chmodSync(path, 0o755)
  return path
}
