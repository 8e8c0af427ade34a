// The fixtures of a test set-up, in a project that knows the packages only from their tarballs.
import type { Emulator } from '@telnyx-oauth/emulator'
import { test as playwrightTest } from '@telnyx-oauth/emulator/playwright'
import { test as vitestTest } from '@telnyx-oauth/emulator/vitest'

playwrightTest.use({ emulatorOptions: { accessTokenLifetimeSeconds: 60 } })
playwrightTest('a page', async ({ page, emulator }) => {
  await page.goto(emulator.url)
})

vitestTest.override('emulatorOptions', { openId: true })
vitestTest('a request', async ({ emulator }) => {
  const own: Emulator = emulator
  await fetch(own.url)
  // @ts-expect-error a control that does not exist is refused: a type that got lost would be `any`
  own.requestz()
})
