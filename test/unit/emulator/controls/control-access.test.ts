import { request } from 'node:http'
import { describe, expect, test } from 'vitest'
import { controlRefusal } from '../../../../packages/emulator/src/controls/control-access.ts'
import type { Context } from '../../../../packages/emulator/src/http/http.ts'
import { startEmulator } from '../../../support/start-emulator.ts'

/** `fetch` sets the header Host by itself, so this does not use it. */
function controlAs(
  url: string,
  headers: Readonly<Record<string, string>>,
  method = 'GET',
): Promise<{ status: number; allowsOrigin: string | undefined }> {
  return new Promise((resolve, reject) => {
    const sent = request(`${url}/__emulator/requests`, { method, headers, agent: false }, (response) => {
      response.resume()
      resolve({
        status: response.statusCode ?? 0,
        allowsOrigin: response.headers['access-control-allow-origin'],
      })
    })
    sent.on('error', reject)
    sent.end()
  })
}

/** A request as the rule sees it: the tests themselves can only come from this machine. */
function requestFrom(remoteAddress: string | undefined): Context {
  const headers: Readonly<Record<string, string>> = { host: 'localhost:4010' }
  const get = (name: string): string => headers[name.toLowerCase()] ?? ''
  return { get, req: { headers, socket: { remoteAddress } } } as unknown as Context
}

describe('the controls', () => {
  test.each(['http://localhost:5173', 'https://127.0.0.1:3000', 'http://[::1]:8080', 'http://app.localhost'])(
    'are open to a page of %s',
    async (origin) => {
      const { url } = await startEmulator()
      expect(await controlAs(url, { origin })).toEqual({ status: 200, allowsOrigin: origin })
    },
  )

  test.each([
    'https://evil.example',
    'null',
    'http://localhost.evil.example',
    'http://127.0.0.1.evil.example',
  ])('are closed to a page of %s, its preflight included', async (origin) => {
    const { url } = await startEmulator()
    expect(await controlAs(url, { origin })).toEqual({ status: 403, allowsOrigin: undefined })
    const preflight = { origin, 'access-control-request-method': 'POST' }
    expect((await controlAs(url, preflight, 'OPTIONS')).allowsOrigin).toBeUndefined()
  })

  test('are closed to a name that was rebound to this machine', async () => {
    const { url } = await startEmulator()
    expect((await controlAs(url, { host: 'evil.example:4010' })).status).toBe(403)
    expect((await controlAs(url, { host: 'localhost:4010' })).status).toBe(200)
  })

  test.each(['127.0.0.1', '127.1.2.3', '::1', '::ffff:127.0.0.1'])('are open to %s', (address) => {
    expect(controlRefusal(requestFrom(address), {})).toBeUndefined()
  })

  test.each(['192.168.1.5', '::ffff:192.168.1.5', 'fe80::1', '127.evil.example', undefined])(
    'are closed to the address %s, whatever Host it sends, until the option adds that host',
    (address) => {
      const refusal = controlRefusal(requestFrom(address), { hosts: ['emulator'] })
      expect(refusal).toContain('not for other machines')
      expect(refusal).toContain('the host localhost')
      expect(controlRefusal(requestFrom(address), { hosts: ['localhost'] })).toBeUndefined()
    },
  )

  test.each(['forwarded', 'x-forwarded-for', 'x-forwarded-host'])(
    'are closed to requests that a proxy sent on with the header %s',
    async (name) => {
      const { url } = await startEmulator()
      expect((await controlAs(url, { [name]: 'for=192.0.2.1' })).status).toBe(403)
      const open = await startEmulator({ controlAccess: { hosts: ['localhost'] } })
      expect((await controlAs(open.url, { [name]: 'for=192.0.2.1' })).status).toBe(200)
    },
  )

  test('are open to what the option adds, and to nothing else', async () => {
    const { url } = await startEmulator({
      controlAccess: { hosts: ['emulator'], origins: ['https://app.example'] },
    })
    expect((await controlAs(url, { host: 'emulator:4010' })).status).toBe(200)
    expect((await controlAs(url, { origin: 'https://app.example' })).status).toBe(200)
    expect((await controlAs(url, { origin: 'https://app.example:444' })).status).toBe(403)
  })
})
