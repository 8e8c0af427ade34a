import type { Fault } from '@telnyx-oauth/emulator'
import type { Page } from 'playwright'
import { describe, expect } from 'vitest'
import { startEmulator } from '../support/start-emulator.ts'
import { test } from './support/fixtures.ts'

/** Sends a refresh. @returns the outcome for the page */
function refresh(page: Page, url: string): Promise<string> {
  const body = 'grant_type=refresh_token&client_id=telnyx-demo&refresh_token=spent'
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  return page.evaluate(
    async ([address, init]) => {
      const response = await fetch(address, init).catch(() => undefined)
      if (response === undefined) return 'fetch rejects'
      return response.text().then(
        () => String(response.status),
        () => `${response.status}, the body rejects`,
      )
    },
    [`${url}/v2/oauth/token`, { method: 'POST', headers, body }] as const,
  )
}

describe('a connection that the browser has used before and a fault cuts', () => {
  test.for<readonly [Fault, string]>([
    [{ drop: true }, 'fetch rejects'],
    [{ when: 'after', drop: true }, 'fetch rejects'],
    [{ drop: 'mid-body' }, '400, the body rejects'],
  ])('the page is told of %j, and nothing is sent again', async ([fault, outcome], { browser }) => {
    const emulator = await startEmulator()
    const context = await browser.newContext()
    const page = await context.newPage()
    for (const origin of [emulator.url, emulator.url.replace('localhost', '127.0.0.1')]) {
      await page.goto(`${origin}/v2/oauth/jwks`)
      expect(await refresh(page, emulator.url)).toBe('400')
      emulator.clearRequests()
      emulator.fail('token', fault)
      expect([origin, await refresh(page, emulator.url)]).toEqual([origin, outcome])
      expect(emulator.requests({ endpoint: 'token' })).toMatchObject([{ dropped: true }])
      expect(await refresh(page, emulator.url)).toBe('400')
    }
    await context.close()
  })
})
