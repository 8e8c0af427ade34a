import { expect } from '@playwright/test'
import { test } from '@telnyx-oauth/emulator/playwright'

test('a page of another context, and one of the browser, know the issuer too', async ({
  browser,
  baseURL,
  emulator,
}) => {
  const context = await browser.newContext()
  const pages = [await context.newPage(), await browser.newPage()]
  for (const page of pages) {
    await page.goto(String(baseURL))
    expect(await page.evaluate(() => globalThis.telnyxIssuer)).toBe(emulator.issuer)
  }
  await pages[1]?.close()
  await context.close()
})
