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

describe('a client that the server does not know any more', () => {
  test('is replaced by a new one, for the next page load too', async () => {
    const { registrar, browser, client } = await forgotten()
    const healed = await client.reregister(unknownClient)
    expect(healed?.clientId).toBe('client-2')
    expect((await browser.open().register()).clientId).toBe('client-2')
    expect(JSON.stringify(browser.records.get(key))).not.toContain('client-1')
    expect(registrar.registrations()).toHaveLength(2)
    expect(registrar.registrations()[1]).toEqual(registrar.registrations()[0])
  })

  test('is known by an error of another realm as well', async () => {
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
  ])('is not to be seen in %s: nothing is healed, nothing is sent', async (_title, error) => {
    const { registrar, client } = await forgotten()
    expect(await client.reregister(error)).toBeUndefined()
    expect(registrar.registrations()).toHaveLength(1)
  })

  test.each([
    ['with Web Locks', undefined],
    ['without Web Locks', noLock],
  ])('is healed once for all tabs, %s', async (_title, lock) => {
    const { registrar, browser } = await forgotten()
    const clients = await Promise.all([1, 2, 3].map(() => browser.open(lock).register()))
    const healing = Promise.all(clients.map(({ reregister }) => reregister(unknownClient)))
    await browser.clock.advance(1000)
    expect((await healing).map((healed) => healed?.clientId)).toEqual(['client-2', 'client-2', 'client-2'])
    expect(registrar.registrations()).toHaveLength(2)
  })

  test('is healed by whoever comes late with what another tab got, without a request', async () => {
    const { registrar, browser, client } = await forgotten()
    const late = await browser.open().register()
    await client.reregister(unknownClient)
    expect((await late.reregister(unknownClient))?.clientId).toBe('client-2')
    expect(registrar.registrations()).toHaveLength(2)
  })

  test('stays until its successor is there: a server that is down loses nothing', async () => {
    const { registrar, browser, client } = await forgotten()
    registrar.script(registerPath, () => json({}, 503))
    expect(await rejection(client.reregister(unknownClient))).toMatchObject({ code: 'server_unavailable' })
    expect((await browser.open().register()).clientId).toBe('client-1')
    expect((await client.reregister(unknownClient))?.clientId).toBe('client-3')
  })

  test('is registered anew where the record is gone meanwhile', async () => {
    const { browser, client } = await forgotten()
    browser.records.clear()
    expect((await client.reregister(unknownClient))?.clientId).toBe('client-2')
  })
})

describe('a server that knows no client, whatever it registers', () => {
  test('is asked for two of them in a day, however often one tries', async () => {
    const { registrar, browser, client } = await forgotten()
    let current = client
    for (let load = 0; load < 10; load++) {
      current = (await current.reregister(unknownClient)) ?? (await browser.open().register())
    }
    expect(registrar.registrations()).toHaveLength(2)
    expect(await current.reregister(unknownClient)).toBeUndefined()
  })

  test('is given another chance a day later', async () => {
    const { registrar, browser, client } = await forgotten()
    const healed = await client.reregister(unknownClient)
    browser.clock.jump(23 * hourMs)
    expect(await healed?.reregister(unknownClient)).toBeUndefined()
    browser.clock.jump(hourMs)
    expect((await healed?.reregister(unknownClient))?.clientId).toBe('client-3')
    expect(registrar.registrations()).toHaveLength(3)
  })
})
