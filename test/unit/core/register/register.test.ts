import { describe, expect, test } from 'vitest'
import { issuer } from '../../../support/authorization-server.ts'
import { createDeferred } from '../../../support/deferred.ts'
import { json, registerPath } from '../../../support/model-server.ts'
import {
  createRegisteringBrowser,
  createRegistrar,
  key,
  noLock,
  redirectUri,
  rejection,
} from '../../../support/registering-browser.ts'
import { settle } from '../../../support/simulated-clock.ts'

const registering = (registrar = createRegistrar()) => ({
  registrar,
  browser: createRegisteringBrowser(registrar.fetch),
})

describe('the first registration', () => {
  test('requests a public client with this redirect URI, and nothing that the app did not name', async () => {
    const { registrar, browser } = registering()
    const client = await browser.open().register({ scopes: ['billing.read', 'voice.write'] })
    expect(registrar.registrations()).toEqual([
      {
        redirect_uris: [redirectUri],
        client_name: 'Sample',
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
        scope: 'billing.read voice.write',
        token_endpoint_auth_method: 'none',
      },
    ])
    expect(client).toMatchObject({
      clientId: 'client-1',
      issuer,
      redirectUri,
      scopes: ['billing.read', 'voice.write'],
      grantTypes: ['authorization_code', 'refresh_token'],
    })
    expect(Object.isFrozen(client)).toBe(true)
  })

  test('names no scope where the app names none', async () => {
    const { registrar, browser } = registering()
    await browser.open().register({ scopes: [] })
    expect(registrar.registrations()[0]).not.toHaveProperty('scope')
  })

  test('is stored: later page loads send nothing', async () => {
    const { registrar, browser } = registering()
    const first = await browser.open().register()
    registrar.script(registerPath, () => json({}, 500))
    const before = registrar.requests.length
    const again = await browser.open().register()
    expect(again.clientId).toBe(first.clientId)
    expect(registrar.requests.length).toBe(before)
  })

  test.each(['https://app.example', 'https://app.example:443/Sign-In?x=1'])(
    'has the redirect URI %s unchanged, as the sign-in sends it',
    async (redirectUri) => {
      const { registrar, browser } = registering()
      expect((await browser.open().register({ redirectUri })).redirectUri).toBe(redirectUri)
      expect(registrar.registrations()).toMatchObject([{ redirect_uris: [redirectUri] }])
    },
  )

  test('is stamped with its issuer and redirect URI, and used for no other', async () => {
    const other = 'https://other.example'
    const { registrar, browser } = registering()
    const tab = browser.open()
    await tab.register()
    expect(browser.records.get(key)).toMatchObject({ issuer, redirectUri })
    await tab.register({ redirectUri: '/other' })
    expect(registrar.registrations().map(({ redirect_uris }) => redirect_uris)).toEqual([
      [redirectUri],
      ['http://localhost:5173/other'],
    ])

    const elsewhere = createRegistrar({ issuer: other })
    const { records } = browser
    const moved = createRegisteringBrowser(elsewhere.fetch)
    moved.records.set(`registration ${JSON.stringify([other, redirectUri])}`, records.get(key))
    const client = await moved.open().register({ issuer: other })
    expect(client.issuer).toBe(other)
    expect(elsewhere.registrations()).toHaveLength(1)
  })

  test.each([
    ['garbage', 'x'],
    [
      'the client of another redirect URI',
      {
        v: 1,
        issuer,
        redirectUri: 'https://b.example/',
        clients: [{ clientId: 'x', requestedScopes: ['billing.read'], registeredAtMs: 0 }],
      },
    ],
    ['half a client', { v: 1, issuer, redirectUri, clients: [{ clientId: 'x' }] }],
    [
      'a client without an id',
      {
        v: 1,
        issuer,
        redirectUri,
        clients: [{ clientId: 7, requestedScopes: ['billing.read'], registeredAtMs: 0 }],
      },
    ],
  ])('replaces %s', async (_title, stored) => {
    const { registrar, browser } = registering()
    browser.records.set(key, stored)
    expect((await browser.open().register()).clientId).toBe('client-1')
    expect(registrar.registrations()).toHaveLength(1)
  })
})

describe('the client metadata that the server registered count, not the requested ones', () => {
  test.each([
    ['fewer scopes', { scope: 'voice.write' }, { scopes: ['voice.write'] }],
    ['no scope', { scope: '' }, { scopes: [] }],
    ['no refresh tokens', { grant_types: ['authorization_code'] }, { grantTypes: ['authorization_code'] }],
    ['further redirect URIs', { redirect_uris: ['https://b.example/', redirectUri] }, { redirectUri }],
    [
      'nothing but an id',
      {
        scope: undefined,
        grant_types: undefined,
        redirect_uris: undefined,
        response_types: undefined,
        token_endpoint_auth_method: undefined,
      },
      { scopes: ['billing.read'], grantTypes: ['authorization_code', 'refresh_token'] },
    ],
  ])('%s', async (_title, members, shown) => {
    const { registrar, browser } = registering()
    registrar.script(registerPath, () =>
      json({ ...registrar.registrations()[0], client_id: 'client-1', ...members }, 201),
    )
    expect(await browser.open().register()).toMatchObject({ clientId: 'client-1', ...shown })
    expect(await browser.open().register(), 'the stored one').toMatchObject(shown)
    expect(registrar.registrations()).toHaveLength(1)
  })
})

describe('an app that asks for other scopes than before', () => {
  const minuteMs = 60_000
  const scopesOf = (registrar: ReturnType<typeof createRegistrar>) =>
    registrar.registrations().map(({ scope }) => scope)

  test('two versions of an app, one with the scopes a b, one with a c, in turn: two registrations in ten page loads', async () => {
    const { registrar, browser } = registering()
    const ids: string[] = []
    for (let load = 0; load < 10; load++) {
      const scopes = load % 2 === 0 ? ['a', 'b'] : ['a', 'c']
      ids.push((await browser.open().register({ scopes })).clientId)
      browser.clock.jump(minuteMs)
    }
    expect(scopesOf(registrar)).toEqual(['a b', 'a b c'])
    expect(new Set(ids.slice(1))).toEqual(new Set(['client-2']))
    expect(JSON.stringify(browser.records.get(key))).not.toContain('client-1')
  })

  test('fewer scopes: the stored client is used', async () => {
    const { registrar, browser } = registering()
    await browser.open().register({ scopes: ['a', 'b'] })
    expect((await browser.open().register({ scopes: ['b'] })).clientId).toBe('client-1')
    expect(registrar.registrations()).toHaveLength(1)
  })

  test('a new scope within a minute of a registration: the call says how long to wait, and no request is sent', async () => {
    const { registrar, browser } = registering()
    await browser.open().register({ scopes: ['a'] })
    await browser.clock.advance(20_000)
    expect(await rejection(browser.open().register({ scopes: ['b'] }))).toMatchObject({
      code: 'server_unavailable',
      phase: 'registration',
      retryable: true,
      retryAfterMs: 40_000,
    })
    expect(registrar.registrations()).toHaveLength(1)
    await browser.clock.advance(40_000)
    expect((await browser.open().register({ scopes: ['b'] })).clientId).toBe('client-2')
  })

  test('a scope of its own on each page load, ten loads a minute for ten minutes: one registration a minute', async () => {
    const { registrar, browser } = registering()
    for (let load = 0; load < 100; load++) {
      await rejection(browser.open().register({ scopes: [`scope-${load}`] }))
      await browser.clock.advance(minuteMs / 10)
    }
    expect(registrar.registrations()).toHaveLength(10)
  })

  test('a scope of the older version that the server no longer knows: the new version registers without it, and both keep a client', async () => {
    const { registrar, browser } = registering()
    const load = (scopes: string[]) => browser.open().register({ scopes })
    await load(['a', 'b'])
    browser.clock.jump(minuteMs)
    registrar.script(registerPath, () => json({ error: 'invalid_client_metadata' }, 400))
    expect(await rejection(load(['a', 'c']))).toMatchObject({ code: 'registration_refused' })
    await browser.clock.advance(1000)
    expect((await load(['a', 'c'])).clientId).toBe('client-3')
    expect(scopesOf(registrar)).toEqual(['a b', 'a b c', 'a c'])
    for (let again = 0; again < 5; again++) {
      browser.clock.jump(minuteMs)
      expect((await load(['a', 'b'])).clientId).toBe('client-1')
      expect((await load(['a', 'c'])).clientId).toBe('client-3')
    }
    expect(registrar.registrations()).toHaveLength(3)
  })

  test('the caller sees all scopes of its client if the server does not repeat them', async () => {
    const { registrar, browser } = registering()
    await browser.open().register({ scopes: ['a'] })
    browser.clock.jump(minuteMs)
    registrar.script(registerPath, () => json({ client_id: 'client-2' }, 201))
    expect((await browser.open().register({ scopes: ['b'] })).scopes).toEqual(['a', 'b'])
  })
})

describe('several callers at once', () => {
  test('one tab and three tabs: one request, one client', async () => {
    const { registrar, browser } = registering()
    const tabs = [browser.open(), browser.open(), browser.open()]
    const clients = await Promise.all(tabs.flatMap((tab) => [tab.register(), tab.register()]))
    expect(new Set(clients.map(({ clientId }) => clientId))).toEqual(new Set(['client-1']))
    expect(registrar.registrations()).toHaveLength(1)
  })

  test('a slow server: the second tab waits for the Web Lock and reads again, without a request or a poll', async () => {
    const { registrar, browser } = registering()
    const response = createDeferred()
    registrar.script(registerPath, async (process) => {
      await response.promise
      return process()
    })
    const operations: string[] = []
    const first = browser.open().register()
    await settle()
    const tab = browser.open()
    tab.storage.before((operation, at) => {
      if (at === key) operations.push(operation)
    })
    const second = tab.register()
    await browser.clock.advance(9000)
    expect(operations).toEqual(['read'])
    response.resolve()
    expect([(await first).clientId, (await second).clientId]).toEqual(['client-1', 'client-1'])
    expect(operations).toEqual(['read', 'update'])
    expect(registrar.registrations()).toHaveLength(1)
  })

  test('the first tab fails: the second tab, which waited for the lock, sends nothing within a second', async () => {
    const { registrar, browser } = registering()
    const response = createDeferred()
    registrar.script(registerPath, async () => {
      await response.promise
      return json({}, 503)
    })
    const calls = [browser.open(), browser.open()].map((tab) => rejection(tab.register()))
    await settle()
    response.resolve()
    expect(await Promise.all(calls)).toMatchObject([
      { code: 'server_unavailable', server: { status: 503 } },
      { code: 'server_unavailable', retryAfterMs: 1000 },
    ])
    expect(registrar.registrations()).toHaveLength(1)
  })

  test('without Web Locks: two tabs may register two clients, and both use the client that was stored first', async () => {
    const { registrar, browser } = registering()
    const slow = createDeferred()
    registrar.script(registerPath, async (process) => {
      const response = process()
      await slow.promise
      return response
    })
    const first = browser.open(noLock).register()
    await settle()
    const second = await browser.open(noLock).register()
    slow.resolve()
    expect([(await first).clientId, second.clientId]).toEqual(['client-2', 'client-2'])
    expect((await browser.open().register()).clientId, 'the stored one').toBe('client-2')
    expect(registrar.registrations()).toHaveLength(2)
  })
})

describe('a storage', () => {
  test('that fails to read once: the second read finds the client, and nothing is sent', async () => {
    const { registrar, browser } = registering()
    await browser.open().register()
    const before = registrar.requests.length
    const tab = browser.open()
    tab.storage.before((operation) => (operation === 'read' ? Promise.reject(new Error('lost')) : undefined))
    expect((await tab.register()).clientId).toBe('client-1')
    expect(registrar.requests).toHaveLength(before)
  })

  test('that can be neither read nor written: nothing is sent', async () => {
    const { registrar, browser } = registering()
    const tab = browser.open()
    tab.storage.before(() => Promise.reject(new Error('lost')))
    expect(await rejection(tab.register())).toMatchObject({ code: 'storage_failed', phase: 'registration' })
    expect(registrar.requests).toEqual([])
  })

  test('that cannot be written: no client is registered that would be lost with the page', async () => {
    const { registrar, browser } = registering()
    const tab = browser.open()
    tab.storage.failCommits(true)
    expect(await rejection(tab.register())).toMatchObject({ code: 'storage_failed', phase: 'registration' })
    expect(registrar.registrations()).toEqual([])
  })

  test('with the record of a newer version: the record is left as it is', async () => {
    const { registrar, browser } = registering()
    const newer = { v: 2, secret: 'plans' }
    browser.records.set(key, newer)
    expect(await rejection(browser.open().register())).toMatchObject({
      code: 'newer_version',
      phase: 'registration',
    })
    expect(browser.records.get(key)).toEqual(newer)
    expect(registrar.requests).toEqual([])
  })

  test('in which a newer version writes before the second read: the record is left as it is', async () => {
    const { registrar, browser } = registering()
    const newer = { v: 2 }
    const tab = browser.open()
    tab.storage.before((operation, at) => {
      if (operation === 'update' && at === key) browser.records.set(key, newer)
    })
    expect(await rejection(tab.register())).toMatchObject({ code: 'newer_version' })
    expect(browser.records.get(key)).toEqual(newer)
    expect(registrar.registrations()).toEqual([])
  })
})

test('a page that is no secure context registers nothing: no user could sign in there', async () => {
  const { registrar, browser } = registering()
  const tab = browser.open()
  tab.page.setSecure(false)
  expect(await rejection(tab.register())).toMatchObject({ code: 'insecure_context', phase: 'registration' })
  expect(registrar.requests).toEqual([])
})
