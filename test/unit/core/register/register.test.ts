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
  test('asks for a public client with this redirect URI, and for nothing that the app did not name', async () => {
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

  test('is kept: whoever comes later sends nothing', async () => {
    const { registrar, browser } = registering()
    const first = await browser.open().register()
    registrar.script(registerPath, () => json({}, 500))
    const before = registrar.requests.length
    const again = await browser.open().register()
    expect(again.clientId).toBe(first.clientId)
    expect(registrar.requests.length).toBe(before)
  })

  test.each(['https://app.example', 'https://app.example:443/Sign-In?x=1'])(
    'has the redirect URI %s letter by letter, as sign-in will send it',
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
        client: { clientId: 'x', askedScopes: ['billing.read'], registeredAtMs: 0 },
      },
    ],
    ['half a client', { v: 1, issuer, redirectUri, client: { clientId: 'x' } }],
    [
      'a client without an id',
      { v: 1, issuer, redirectUri, client: { clientId: 7, askedScopes: [], registeredAtMs: 0 } },
    ],
  ])('replaces %s', async (_title, stored) => {
    const { registrar, browser } = registering()
    browser.records.set(key, stored)
    expect((await browser.open().register()).clientId).toBe('client-1')
    expect(registrar.registrations()).toHaveLength(1)
  })
})

describe('what the server registered counts, not what was asked for', () => {
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

describe('an app that asks for', () => {
  test('a scope that was not asked for then registers again, once', async () => {
    const { registrar, browser } = registering()
    await browser.open().register({ scopes: ['a'] })
    const grown = await browser.open().register({ scopes: ['a', 'b'] })
    expect(grown.clientId).toBe('client-2')
    expect((await browser.open().register({ scopes: ['a', 'b'] })).clientId).toBe('client-2')
    expect(registrar.registrations()).toHaveLength(2)
  })

  test('fewer scopes keeps its client', async () => {
    const { registrar, browser } = registering()
    await browser.open().register({ scopes: ['a', 'b'] })
    expect((await browser.open().register({ scopes: ['b'] })).clientId).toBe('client-1')
    expect(registrar.registrations()).toHaveLength(1)
  })
})

describe('several callers at once', () => {
  test('in one tab and in three tabs get one client from one request', async () => {
    const { registrar, browser } = registering()
    const tabs = [browser.open(), browser.open(), browser.open()]
    const clients = await Promise.all(tabs.flatMap((tab) => [tab.register(), tab.register()]))
    expect(new Set(clients.map(({ clientId }) => clientId))).toEqual(new Set(['client-1']))
    expect(registrar.registrations()).toHaveLength(1)
  })

  test('without Web Locks wait for the one who was first', async () => {
    const { registrar, browser } = registering()
    const answer = createDeferred()
    registrar.script(registerPath, async (process) => {
      await answer.promise
      return process()
    })
    const clients = Promise.all([browser.open(noLock).register(), browser.open(noLock).register()])
    await browser.clock.advance(3000)
    answer.resolve()
    await browser.clock.advance(1000)
    expect((await clients).map(({ clientId }) => clientId)).toEqual(['client-1', 'client-1'])
    expect(registrar.registrations()).toHaveLength(1)
  })

  test('whose first tab dies while it registers: the next holder of the lock does not wait for it', async () => {
    const { registrar, browser } = registering()
    browser.records.set(key, { v: 1, issuer, redirectUri, lease: { attemptId: 'dead', locked: true } })
    expect((await browser.open().register()).clientId).toBe('client-1')
    expect(registrar.registrations()).toHaveLength(1)
    expect(browser.records.get(key)).not.toHaveProperty('lease')
  })

  test('without Web Locks, whose first tab died: the next one waits as long as a request may take', async () => {
    const { registrar, browser } = registering()
    browser.records.set(key, { v: 1, issuer, redirectUri, lease: { attemptId: 'dead', locked: false } })
    const client = browser.open(noLock).register()
    await browser.clock.advance(11_500)
    expect(registrar.registrations()).toHaveLength(0)
    await browser.clock.advance(2000)
    expect((await client).clientId).toBe('client-1')
  })

  test('of whom one was taken for dead and fails: the one who registers instead keeps its right to', async () => {
    const { registrar, browser } = registering()
    const [slow, next] = [createDeferred(), createDeferred()]
    registrar.script(
      registerPath,
      async () => {
        await slow.promise
        return json({}, 503)
      },
      async (process) => {
        await next.promise
        return process()
      },
    )
    const first = rejection(browser.open(noLock).register())
    await settle()
    browser.records.set(key, { v: 1, issuer, redirectUri })
    const second = browser.open(noLock).register()
    await settle()
    const lease = (browser.records.get(key) as { lease?: unknown }).lease
    slow.resolve()
    expect(await first).toMatchObject({ code: 'server_unavailable' })
    expect(browser.records.get(key)).toMatchObject({ lease })
    next.resolve()
    expect((await second).clientId).toBe('client-2')
  })

  test('of whom one was taken for dead: all go on with the client that was stored first', async () => {
    const { registrar, browser } = registering()
    const slow = createDeferred()
    registrar.script(registerPath, async (process) => {
      const response = process()
      await slow.promise
      return response
    })
    const first = browser.open(noLock).register()
    await settle()
    const record = browser.records.get(key) as object
    browser.records.set(key, { ...record, client: undefined, lease: undefined })
    const second = await browser.open(noLock).register()
    slow.resolve()
    expect([(await first).clientId, second.clientId]).toEqual(['client-2', 'client-2'])
    expect((await browser.open().register()).clientId, 'the stored one').toBe('client-2')
  })
})

describe('a storage', () => {
  test('that cannot be read: nothing is sent', async () => {
    const { registrar, browser } = registering()
    const tab = browser.open()
    tab.storage.before((operation) => (operation === 'read' ? Promise.reject(new Error('lost')) : undefined))
    expect(await rejection(tab.register())).toMatchObject({ code: 'storage_failed', phase: 'registration' })
    expect(registrar.requests).toEqual([])
  })

  test('that cannot be written to: no client is registered that would be lost with the page', async () => {
    const { registrar, browser } = registering()
    const tab = browser.open()
    tab.storage.failCommits(true)
    expect(await rejection(tab.register())).toMatchObject({ code: 'storage_failed', phase: 'registration' })
    expect(registrar.registrations()).toEqual([])
  })

  test('that a newer version of the app wrote to is left alone', async () => {
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

  test('in which a newer version wrote while this one waited is left alone', async () => {
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

test('a page that is no secure context registers nothing: nobody could sign in there', async () => {
  const { registrar, browser } = registering()
  const tab = browser.open()
  tab.page.setSecure(false)
  expect(await rejection(tab.register())).toMatchObject({ code: 'insecure_context', phase: 'registration' })
  expect(registrar.requests).toEqual([])
})
