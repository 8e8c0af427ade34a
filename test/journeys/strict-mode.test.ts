import { createEmulator } from '@telnyx-oauth/emulator'
import { expect } from 'playwright/test'
import { onTestFinished, test } from 'vitest'
import { launchBrowser } from './support/browser.ts'
import { seen, signIn } from './support/demo-pages.ts'
import { endpointsOf } from './support/log.ts'
import { serveDemoForDevelopment } from './support/sites.ts'
import { visitAfresh } from './support/visitor.ts'

test('React StrictMode, which mounts everything twice, exchanges the code once', async () => {
  const emulator = createEmulator({ port: 0 })
  await emulator.start()
  onTestFinished(() => emulator.stop())
  const [site, browser] = await Promise.all([serveDemoForDevelopment(emulator.issuer), launchBrowser()])
  onTestFinished(site.close)
  onTestFinished(() => browser.close())
  const visitor = await visitAfresh(browser, site.origin)
  const page = await visitor.open()
  await expect(seen.signInButton(page), 'after Vite has bundled what it needs').toBeVisible({
    timeout: 30_000,
  })

  await signIn(page)
  expect(endpointsOf(emulator)).toEqual([
    'metadata',
    'authorize',
    'sign-in',
    'sign-in',
    'authorize-resume',
    'token',
  ])
  const react = await page.evaluate(() => document.documentElement.outerHTML.includes('/@react-refresh'))
  expect(react, 'whether this is the development build, the only one that mounts twice').toBe(true)
  await visitor.leave()
})
