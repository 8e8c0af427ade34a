import type { Emulator } from '@telnyx-oauth/emulator'
import { describe } from 'vitest'
import type { BrowserUser } from './support/browser-user.ts'
import { configureTabs } from './support/browser-user.ts'
import { decide } from './support/demo-pages.ts'
import { expect } from './support/expect.ts'
import { test } from './support/fixtures.ts'
import { listenOn } from './support/listen-on.ts'
import { refreshesOf, sendsPerToken } from './support/log.ts'
import { askInEach, openSignedIn, openSignedInTabs, outcomesOf, said } from './support/tab-pages.ts'

const TABS = 10
const CALLERS = 20

const mcpOf = ({ issuer }: Emulator) => `${issuer}/v2/mcp`

/** Every page that the user opens from now on signs in for the API and for the MCP server. */
const configureResources = (user: BrowserUser, emulator: Emulator) =>
  configureTabs(user, emulator, { resource: [emulator.issuer, mcpOf(emulator)] })

/** What each refresh asked for, and how it was answered. */
const asked = (emulator: Emulator) =>
  refreshesOf(emulator).map(({ status, params }) => [status, params.resource, params.scope])

describe('a token for the MCP server beside that for the API', () => {
  // A token that is meant for another resource is refused, which the browser notes in the console.
  test.override('userOptions', { mayFail: true })

  test('ten tabs of twenty callers cost one request, and no tab renders', async ({ user, emulator }) => {
    await configureResources(user, emulator)
    const resource = mcpOf(emulator)
    const tabs = await openSignedInTabs(user, TABS)
    const own = await askInEach(tabs, 1)
    emulator.clearRequests()
    const hold = emulator.hold('token', { grant: 'refresh_token' })
    const answering = askInEach(tabs, CALLERS, { resource })
    await hold.arrived
    hold.release()
    const answers = await answering
    expect(answers).toHaveLength(TABS * CALLERS)
    expect(outcomesOf(answers).size).toBe(1)
    expect(asked(emulator)).toEqual([[200, resource, undefined]])

    expect(await askInEach(tabs, 1)).toEqual(own)
    expect(outcomesOf([...own, ...answers]).size).toBe(2)
    for (const page of tabs) {
      await expect(said(page)).toHaveText('signed-in')
      await expect(said(page)).not.toHaveAttribute('data-renewals')
    }
  })

  test('fetch sends the token of the resource that covers the URL, and a reload needs no request', async ({
    user,
    emulator,
  }) => {
    await configureResources(user, emulator)
    const page = await openSignedIn(user)
    const callEach = () => page.evaluate(async () => [await tab.call(1), await tab.call(1, '/v2/mcp')])
    expect(await callEach()).toEqual([[200], [200]])
    expect(asked(emulator)).toEqual([[200, mcpOf(emulator), undefined]])
    emulator.clearRequests()
    await page.reload()
    expect(await callEach()).toEqual([[200], [200]])
    expect(refreshesOf(emulator)).toEqual([])
    const refused = page.evaluate((to) => tab.call(1, '/v2/balance', { resource: to }), mcpOf(emulator))
    expect(await refused).toEqual(['resource_not_allowed'])
  })

  test('tabs that want different tokens and renewals send every refresh token once', async ({
    user,
    emulator,
  }) => {
    await configureResources(user, emulator)
    const resource = mcpOf(emulator)
    const tabs = await openSignedInTabs(user, 4)
    emulator.clearRequests()
    const choices = [{ resource }, { scope: 'billing.read', resource }, {}, { resource }]
    const results = await Promise.all(
      tabs.map((page, index) =>
        page.evaluate(async (choice) => {
          await tab.auth.refresh()
          return tab.ask(5, choice)
        }, choices[index]),
      ),
    )
    expect([...outcomesOf(results.flat())].filter((outcome) => outcome.startsWith('error'))).toEqual([])
    expect(new Set(sendsPerToken(emulator))).toEqual(new Set([1]))
    await expect(said(tabs[0] as (typeof tabs)[0])).toHaveText('signed-in')
  })

  test('a resource that the sign-in did not name is not asked for, and the session lives', async ({
    user,
    emulator,
  }) => {
    await configureTabs(user, emulator, { resource: emulator.issuer })
    const page = await openSignedIn(user)
    emulator.clearRequests()
    const answers = await page.evaluate((resource) => tab.ask(1, { resource }), mcpOf(emulator))
    expect(answers).toEqual([{ code: 'insufficient_scope' }])
    expect(refreshesOf(emulator)).toEqual([])
    await page.evaluate(() => tab.auth.refresh())
    expect(await page.evaluate(() => tab.call(1))).toEqual([200])
  })
})

describe('two clients on one page', () => {
  test('for different resources share no session, and the token of one is not sent for the other', async ({
    user,
    emulator,
  }) => {
    const { issuer } = emulator
    const of = (resource: string) => ({ issuer, resource })
    await configureTabs(user, emulator, of(issuer))
    const page = await openSignedIn(user)
    emulator.clearRequests()
    const other = page.evaluate(
      async (options) => {
        const auth = tab.createClient(options)
        const { status } = await auth.ready()
        const failure = await auth.fetch(options.resource).catch(({ code }) => code)
        return [status, failure]
      },
      of(mcpOf(emulator)),
    )
    expect(await other).toEqual(['signed-out', 'signed_out'])
    expect(emulator.requests()).toEqual([])
  })

  test('of which one names X as its resource and one as its issuer share no session', async ({
    user,
    emulator,
  }) => {
    const { issuer } = emulator
    await user.context.addInitScript((resource) => {
      globalThis.tabOptions = { resource }
    }, issuer)
    const page = await openSignedIn(user)
    const other = (options: object) =>
      page.evaluate(async (given) => (await tab.createClient(given).ready()).status, options)
    expect(await other({ issuer })).toBe('signed-out')
    expect(await other({ resource: issuer })).toBe('signed-in')
  })
})

test("the client of the emulator's README calls the emulator's API, and no token goes to the Telnyx API", async ({
  user,
  emulator,
}) => {
  const sentTo: string[] = []
  user.context.on('request', (request) => sentTo.push(new URL(request.url()).origin))
  const page = await openSignedIn(user)
  expect(await page.evaluate(() => tab.call(1))).toEqual([200])
  const telnyx = 'https://api.telnyx.com'
  const refused = page.evaluate(
    (url) => tab.auth.fetch(url).catch(({ code }) => code),
    `${telnyx}/v2/balance`,
  )
  expect(await refused).toBe('resource_not_allowed')
  expect(sentTo).toContain(emulator.issuer)
  expect(sentTo).not.toContain(telnyx)
})

describe('whoever knows only the MCP server', () => {
  test.override('userOptions', { mayFail: true })

  test('finds by its challenge where to sign in, and calls it', async ({ user, emulator }) => {
    const page = await user.open()
    emulator.clearRequests()
    const found = await page.evaluate((url) => tab.discover(url), mcpOf(emulator))
    expect(found).toMatchObject({ resource: mcpOf(emulator), issuer: emulator.issuer, scope: [] })
    expect(emulator.requests().map(({ endpoint }) => endpoint)).toEqual(['mcp', 'resource-metadata'])

    await configureTabs(user, emulator, found as object)
    const next = await openSignedIn(user)
    expect(await next.evaluate(() => tab.call(1, '/v2/mcp'))).toEqual([200])
  })

  test('trusts nothing that a redirect leads to on another origin', async ({ user, emulator }) => {
    const asked: (string | undefined)[] = []
    const elsewhere = await listenOn(({ url }, response) => {
      asked.push(url)
      const headers = { 'access-control-allow-origin': '*', 'access-control-expose-headers': '*' }
      response.writeHead(401, { ...headers, 'www-authenticate': 'Bearer' }).end()
    })
    emulator.fail('mcp', { status: 307, headers: { location: `${elsewhere.origin}/mcp` } })
    const page = await user.open()
    const failure = page.evaluate((url) => tab.discover(url), mcpOf(emulator))
    expect(await failure).toBe('TypeError')
    expect(asked).toEqual(['/mcp'])
    await elsewhere.close()
  })

  test('is led to no server that was not allowed', async ({ user, emulator }) => {
    const page = await user.open()
    const headers = { 'content-type': 'application/json' }
    const servers = ['https://evil.example']
    emulator.fail('resource-metadata', {
      status: 200,
      headers,
      body: JSON.stringify({ resource: mcpOf(emulator), authorization_servers: servers }),
    })
    expect(await page.evaluate((url) => tab.discover(url), mcpOf(emulator))).toBe('issuer_not_allowed')
    const options = { allowedIssuers: ['https://id.example'] }
    const found = await page.evaluate(([url, given]) => tab.discover(url, given), [
      mcpOf(emulator),
      options,
    ] as const)
    expect(found).toBe('issuer_not_allowed')
    const asked = ['mcp', 'resource-metadata', 'mcp', 'resource-metadata']
    expect(emulator.requests().map(({ endpoint }) => endpoint)).toEqual(asked)
  })
})

describe('a resource that wants more', () => {
  test.override('userOptions', { mayFail: true })

  for (const insufficientScopeStatus of [401, 403] as const) {
    describe(`a scope, and says so with ${insufficientScopeStatus}`, () => {
      test.override('emulatorOptions', { insufficientScopeStatus })

      test('gets it by a step-up, which costs no refresh', async ({ user, emulator }) => {
        await configureTabs(user, emulator, { scope: 'fax.read' })
        const page = await openSignedIn(user)
        emulator.clearRequests()
        expect(await page.evaluate(() => tab.call(3))).toEqual(Array(3).fill('insufficient_scope'))
        expect(refreshesOf(emulator)).toEqual([])
        await page.evaluate(() => tab.stepUp())
        await decide(page, 'Allow')
        await expect(said(page)).toHaveText('signed-in')
        expect(await page.evaluate(() => tab.call(1))).toEqual([200])
        expect(emulator.requests({ endpoint: 'authorize' }).map(({ params }) => params.scope)).toEqual([
          'fax.read billing.read',
        ])
      })
    })
  }

  test('a stronger sign-in gets that, and the other tabs the new session', async ({ user, emulator }) => {
    const [page, other] = await openSignedInTabs(user, 2)
    if (!page || !other) throw new Error('two tabs were asked for')
    emulator.clearRequests()
    emulator.requireStepUp('balance', { acrValues: ['urn:telnyx:strong'] })
    expect(await other.evaluate(() => tab.call(1))).toEqual(['insufficient_user_authentication'])
    await page.evaluate(() => tab.stepUp())
    await decide(page, 'Allow')
    await expect(said(page)).toHaveText('signed-in')
    expect(await page.evaluate(() => tab.call(1))).toEqual([200])
    expect(await other.evaluate(() => tab.call(1))).toEqual([200])
    expect(emulator.requests({ endpoint: 'authorize' }).map(({ params }) => params.acr_values)).toEqual([
      'urn:telnyx:strong',
    ])
    expect(refreshesOf(emulator)).toEqual([])
  })

  test('what no sign-in gives is a loop, and the third step-up does not begin', async ({
    user,
    emulator,
  }) => {
    const page = await openSignedIn(user)
    // No sign-in is younger than no time at all.
    emulator.requireStepUp('balance', { maxAgeSeconds: 0 })
    for (let stepUps = 0; stepUps < 2; stepUps += 1) {
      await page.evaluate(() => tab.stepUp())
      await decide(page, 'Allow')
      await expect(said(page)).toHaveText('signed-in')
    }
    expect(await page.evaluate(() => tab.stepUp())).toBe('step_up_loop')
    await expect(said(page)).toHaveText('signed-in')
  })
})
