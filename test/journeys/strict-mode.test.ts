import { onTestFinished } from 'vitest'
import { createUser } from './support/browser-user.ts'
import { seen, signIn } from './support/demo-pages.ts'
import { expect } from './support/expect.ts'
import { test } from './support/fixtures.ts'
import { endpointsOf } from './support/log.ts'
import { serveDemoForDevelopment } from './support/site.ts'

test('React StrictMode, which mounts everything twice, exchanges the code once', async ({
  browser,
  emulator,
}) => {
  const site = await serveDemoForDevelopment(emulator.issuer)
  onTestFinished(site.close)
  const user = await createUser(browser, site.origin)
  const page = await user.open()
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
  await user.leave()
})
