import { createEmulator } from '@telnyx-oauth/emulator'
import { describe, onTestFinished } from 'vitest'
import { sample } from '../support/is-long.ts'
import { configureTabs, createUser } from './support/browser-user.ts'
import { decide } from './support/demo-pages.ts'
import { expect } from './support/expect.ts'
import { test } from './support/fixtures.ts'
import { serveWithHeaders } from './support/header-proxy.ts'
import { said } from './support/tab-pages.ts'

const apart = { 'cross-origin-opener-policy': 'same-origin' }

const policies = [
  ['both', apart, apart],
  ['the server', {}, apart],
  ['the app', apart, {}],
  [
    'the server, and the app allows popups',
    { 'cross-origin-opener-policy': 'same-origin-allow-popups' },
    apart,
  ],
] as const

describe.each(sample(policies))('Cross-Origin-Opener-Policy of %s', (_title, appHeaders, serverHeaders) => {
  test.for(['Allow', 'Deny'] as const)(
    'does not keep a window from reporting: %s',
    async (decision, { browser, site }) => {
      const app = await serveWithHeaders(() => site.origin, appHeaders)
      onTestFinished(app.close)
      const server = await serveWithHeaders(() => emulator.url, serverHeaders)
      onTestFinished(server.close)
      const emulator = createEmulator({ port: 0, issuer: server.origin })
      await emulator.start()
      onTestFinished(() => emulator.stop())
      const user = await createUser(browser, app.origin)
      await configureTabs(user, emulator, {})
      // A headless page always has the focus; people are in the window while it is open.
      await user.context.addInitScript(() => {
        document.hasFocus = () => false
      })

      const page = await user.open()
      const opening = user.context.waitForEvent('page')
      const outcome = page.evaluate(() => tab.signInWithPopup())
      const popup = await opening
      await popup.getByRole('button', { name: decision }).waitFor()
      const closed = popup.waitForEvent('close')
      await decide(popup, decision)
      expect(await outcome).toBe(decision === 'Allow' ? undefined : 'access_denied')
      await closed
      await expect(said(page)).toHaveText(decision === 'Allow' ? 'signed-in' : 'signed-out access_denied')
      await user.leave()
    },
  )
})
