import { describe, expect, test } from 'vitest'
import { createModelServer } from '../../../support/model-server.ts'
import { signInTab } from '../../../support/sign-in-tab.ts'
import { createSimulatedBrowser } from '../../../support/simulated-browser.ts'

const lifetimeMs = 1_800_000

describe('refreshing', () => {
  test('ten tabs with twenty callers each send one request at expiry and all get its token', async () => {
    const server = createModelServer()
    const browser = createSimulatedBrowser(server.fetch)
    const tabs = [await signInTab(browser, server)]
    for (let n = 1; n < 10; n++) tabs.push(browser.open())
    await Promise.all(tabs.map(({ auth }) => auth.ready()))
    browser.clock.jump(lifetimeMs)
    const calls = tabs.flatMap(({ auth }) => Array.from({ length: 20 }, () => auth.getAccessToken()))
    const tokens = await Promise.all(calls)
    expect(new Set(tokens)).toEqual(new Set(['access-3']))
    expect(tokens).toHaveLength(200)
    expect(server.tokenRequests('refresh_token')).toHaveLength(1)
  })
})
