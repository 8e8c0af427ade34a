import { describe, expect, test } from 'vitest'
import { TelnyxAuthError } from '../../../../packages/core/src/errors.ts'
import { json, registerPath } from '../../../support/model-server.ts'
import {
  createRegisteringBrowser,
  createRegistrar,
  key,
  noLock,
  rejection,
} from '../../../support/registering-browser.ts'

const hourMs = 3_600_000
const unknownClient = new TelnyxAuthError('request_rejected', {
  server: { status: 401, error: 'invalid_client' },
})

/** A browser with a client that the server has forgotten. */
async function forgotten() {
  const registrar = createRegistrar()
  const browser = createRegisteringBrowser(registrar.fetch)
  const client = await browser.open().register()
  return { registrar, browser, client }
}

describe('a client that the server no longer knows', () => {
  test('is replaced by a new one, for the next page load too', async () => {
    const { registrar, browser, client } = await forgotten()
    const replaced = await client.reregister(unknownClient)
    expect(replaced?.clientId).toBe('client-2')
    expect((await browser.open().register()).clientId).toBe('client-2')
    expect(JSON.stringify(browser.records.get(key))).not.toContain('client-1')
    expect(registrar.registrations()).toHaveLength(2)
    expect(registrar.registrations()[1]).toEqual(registrar.registrations()[0])
  })

  test('is recognised by an error of another realm too', async () => {
    const { client } = await forgotten()
    const foreign = { name: 'TelnyxAuthError', server: { error: 'invalid_client' } }
    expect((await client.reregister(foreign))?.clientId).toBe('client-2')
  })

  test.each([
    [
      'another refusal',
      new TelnyxAuthError('request_rejected', { server: { error: 'unauthorized_client' } }),
    ],
    ['the end of a session', new TelnyxAuthError('invalid_grant', { server: { error: 'invalid_grant' } })],
    ['an error of the network', new TelnyxAuthError('network_error')],
    ['an error of something else', Object.assign(new Error(), { server: { error: 'invalid_client' } })],
    ['no error', undefined],
  ])('is not what %s means: nothing is replaced, nothing is sent', async (_title, error) => {
    const { registrar, client } = await forgotten()
    expect(await client.reregister(error)).toBeUndefined()
    expect(registrar.registrations()).toHaveLength(1)
  })

  test('is replaced once for all tabs', async () => {
    const { registrar, browser } = await forgotten()
    const clients = await Promise.all([1, 2, 3].map(() => browser.open().register()))
    const replaced = await Promise.all(clients.map(({ reregister }) => reregister(unknownClient)))
    expect(replaced.map((next) => next?.clientId)).toEqual(['client-2', 'client-2', 'client-2'])
    expect(registrar.registrations()).toHaveLength(2)
  })

  test('is replaced by the same client in all tabs without Web Locks', async () => {
    const { browser } = await forgotten()
    const clients = await Promise.all([1, 2, 3].map(() => browser.open(noLock).register()))
    const replaced = await Promise.all(clients.map(({ reregister }) => reregister(unknownClient)))
    const { clientId } = await browser.open().register()
    expect(replaced.map((next) => next?.clientId)).toEqual([clientId, clientId, clientId])
  })

  test('is not replaced by an older client: two refused clients are registered again, and never given in turn', async () => {
    const { registrar, browser } = await forgotten()
    const load = (scopes: string[]) => browser.open().register({ scopes })
    browser.clock.jump(60_000)
    registrar.script(registerPath, () => json({ error: 'invalid_client_metadata' }, 400))
    await rejection(load(['voice.write']))
    await browser.clock.advance(1000)
    await load(['voice.write'])
    // Both stored clients cover no scope at all.
    const client = await load([])
    expect(client.clientId).toBe('client-3')
    const next = await client.reregister(unknownClient)
    expect(next?.clientId).toBe('client-4')
    expect(await next?.reregister(unknownClient)).toBeUndefined()
  })

  test('is replaced by a client for the scopes of all versions of the app', async () => {
    const { registrar, browser, client } = await forgotten()
    browser.clock.jump(60_000)
    const grown = await browser.open().register({ scopes: ['voice.write'] })
    await grown.reregister(unknownClient)
    expect(registrar.registrations().at(-1)).toMatchObject({ scope: 'billing.read voice.write' })
    expect((await client.reregister(unknownClient))?.clientId).toBe('client-3')
    expect(registrar.registrations()).toHaveLength(3)
  })

  test('is replaced by what another tab registered before, without a request', async () => {
    const { registrar, browser, client } = await forgotten()
    const late = await browser.open().register()
    await client.reregister(unknownClient)
    expect((await late.reregister(unknownClient))?.clientId).toBe('client-2')
    expect(registrar.registrations()).toHaveLength(2)
  })

  test('stays stored until its successor is registered: a server that is down loses nothing', async () => {
    const { registrar, browser, client } = await forgotten()
    registrar.script(registerPath, () => json({}, 503))
    expect(await rejection(client.reregister(unknownClient))).toMatchObject({ code: 'server_unavailable' })
    expect((await browser.open().register()).clientId).toBe('client-1')
    await browser.clock.advance(1000)
    expect((await client.reregister(unknownClient))?.clientId).toBe('client-3')
  })

  test('is registered again if the record was deleted meanwhile', async () => {
    const { browser, client } = await forgotten()
    browser.records.clear()
    expect((await client.reregister(unknownClient))?.clientId).toBe('client-2')
  })
})

describe('a server that refuses every client it registers', () => {
  test('receives two registrations in a day, however often the app tries', async () => {
    const { registrar, browser, client } = await forgotten()
    let current = client
    for (let load = 0; load < 10; load++) {
      current = (await current.reregister(unknownClient)) ?? (await browser.open().register())
    }
    expect(registrar.registrations()).toHaveLength(2)
    expect(await current.reregister(unknownClient)).toBeUndefined()
  })

  test('receives another registration a day later', async () => {
    const { registrar, browser, client } = await forgotten()
    const replaced = await client.reregister(unknownClient)
    browser.clock.jump(23 * hourMs)
    expect(await replaced?.reregister(unknownClient)).toBeUndefined()
    browser.clock.jump(hourMs)
    expect((await replaced?.reregister(unknownClient))?.clientId).toBe('client-3')
    expect(registrar.registrations()).toHaveLength(3)
  })
})
