import { mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createEmulator, type EmulatorOptions } from '@telnyx-oauth/emulator'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { refreshAtEmulator, signInToEmulator } from '../../../support/emulator-sign-in.ts'
import { freePort } from '../../../support/free-port.ts'
import { startEmulator } from '../../../support/start-emulator.ts'

describe('an emulator', () => {
  test('does nothing before it is started', async () => {
    const emulator = createEmulator({ port: 0 })
    expect(() => emulator.issuer).toThrow('no URL before start()')
    expect(emulator.requests()).toEqual([])
    expect(emulator.clients.map(({ client_id }) => client_id)).toEqual(['telnyx-demo'])
    await emulator.stop()
  })

  test('started twice listens once', async () => {
    const emulator = createEmulator({ port: 0 })
    await Promise.all([emulator.start(), emulator.start()])
    const { url } = emulator
    await emulator.start()
    expect(emulator.url).toBe(url)
    await emulator.stop()
    await expect(fetch(url)).rejects.toThrow('fetch failed')
  })

  test('whose start and stop overlap ends as the last call says, and leaves no server', async () => {
    const emulator = await startEmulator()
    const { url } = emulator
    const isThere = () =>
      fetch(url).then(
        ({ status }) => status === 200,
        () => false,
      )
    await Promise.all([emulator.stop(), emulator.start()])
    expect(await isThere()).toBe(true)
    await Promise.all([emulator.stop(), emulator.start(), emulator.stop()])
    expect(await isThere()).toBe(false)
    await Promise.all([emulator.start(), emulator.stop(), emulator.start()])
    expect(await isThere()).toBe(true)
    await emulator.stop()
    expect(await isThere()).toBe(false)
  })

  test('whose start fails can be stopped and started at once', async () => {
    const other = createServer()
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
    const { port } = other.address() as AddressInfo
    const emulator = createEmulator({ port })
    onTestFinished(() => emulator.stop())
    const failed = expect(emulator.start()).rejects.toMatchObject({ code: 'EADDRINUSE' })
    const stopped = emulator.stop()
    await Promise.all([failed, stopped])
    await new Promise((resolve) => other.close(resolve))
    await expect(emulator.start()).resolves.toBeUndefined()
  })

  test.each(['opaque', 'jwt'] as const)(
    'goes on after a stop, on the same port, with the same tokens: %s',
    async (accessTokenFormat) => {
      const emulator = await startEmulator({ accessTokenFormat })
      const { url, issuer } = emulator
      const tokens = await signInToEmulator(issuer)
      await emulator.stop()
      await emulator.start()
      expect(emulator.url).toBe(url)
      const balance = await fetch(`${url}/v2/balance`, {
        headers: { authorization: `Bearer ${tokens.access_token}` },
      })
      expect(balance.status).toBe(200)
      await expect(refreshAtEmulator(issuer, tokens.refresh_token ?? '')).resolves.toHaveProperty(
        'refresh_token',
      )
    },
  )

  test('says in one sentence that its port is in use, and can be started once it is free', async () => {
    const other = createServer()
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
    const { port } = other.address() as AddressInfo
    const emulator = createEmulator({ port })
    onTestFinished(() => emulator.stop())
    await expect(emulator.start()).rejects.toMatchObject({
      code: 'EADDRINUSE',
      message: `The Telnyx OAuth emulator cannot listen on 127.0.0.1:${port}: the port is in use. Stop what listens there or choose another port.`,
    })
    await new Promise((resolve) => other.close(resolve))
    await emulator.start()
    expect(emulator.url).toBe(`http://localhost:${port}`)
  })

  test('forgets on reset what happened since its start, and nothing it was given', async () => {
    const emulator = await startEmulator()
    const { refresh_token: token = '' } = await signInToEmulator(emulator.issuer)
    emulator.reset()
    expect([emulator.requests(), emulator.grants]).toEqual([[], []])
    await expect(refreshAtEmulator(emulator.issuer, token)).rejects.toMatchObject({ error: 'invalid_grant' })
    await expect(signInToEmulator(emulator.issuer)).resolves.toHaveProperty('access_token')
  })

  test('lets go of held requests when it stops, and catches none after', async () => {
    const emulator = await startEmulator()
    const hold = emulator.hold('jwks', { times: 2 })
    const cut = expect(fetch(`${emulator.url}/v2/oauth/jwks`)).rejects.toThrow('fetch failed')
    await hold.arrived
    await emulator.stop()
    await cut
    await emulator.start()
    expect((await fetch(`${emulator.url}/v2/oauth/jwks`)).status).toBe(200)
  })

  test('takes an issuer that is not where it listens', async () => {
    const emulator = await startEmulator({ issuer: 'https://auth.example' })
    const metadata = await (await fetch(`${emulator.url}/.well-known/oauth-authorization-server`)).json()
    expect(metadata).toMatchObject({
      issuer: 'https://auth.example',
      token_endpoint: 'https://auth.example/v2/oauth/token',
    })
  })
})

describe('an environment that replaces Uint8Array, as jsdom does', () => {
  test.each<[EmulatorOptions, boolean]>([
    [{}, true],
    [{ openId: true }, false],
    [{ accessTokenFormat: 'jwt' }, false],
  ])('lets an emulator with the options %j start: %j', async (options, mayStart) => {
    vi.stubGlobal('Uint8Array', class extends Uint8Array {})
    onTestFinished(() => void vi.unstubAllGlobals())
    const emulator = createEmulator({ port: 0, ...options })
    onTestFinished(() => emulator.stop())
    if (mayStart) await emulator.start()
    else await expect(emulator.start()).rejects.toThrow(/jsdom .*"node" or "happy-dom"/)
  })
})

describe('a start that fails after the port was opened', () => {
  test('closes the port again', async () => {
    const port = await freePort()
    const folder = mkdtempSync(join(tmpdir(), 'emulator-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    // A folder that is missing for the read and cannot be created for the write.
    symlinkSync(join(folder, 'missing'), join(folder, 'link'))
    const emulator = createEmulator({ port, stateFile: join(folder, 'link', 'state.json') })
    await expect(emulator.start()).rejects.toThrow()
    await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow()
  })
})

const CLIENT = { clientId: 'a', name: 'A' }
const ACCOUNT = {
  id: '1',
  name: 'A',
  email: 'a@example.com',
  organizationId: 'o',
  organizationName: 'O',
}

describe('an option that is wrong', () => {
  test.each<[keyof EmulatorOptions, unknown]>([
    ['port', 70000],
    ['port', '4010'],
    ['issuer', 'https://auth.example/'],
    ['profile', 'test'],
    ['accounts', []],
    ['clients', {}],
    ['accessTokenLifetimeSeconds', -1],
    ['refreshGracePeriodSeconds', -1],
    ['accessTokenFormat', 'paseto'],
    ['consentUrl', '/consent'],
    ['insufficientScopeStatus', 404],
    ['rememberSignIn', 'yes'],
  ])('is named: %s = %j', (option, value) => {
    expect(() => createEmulator({ [option]: value })).toThrow(TypeError)
    expect(() => createEmulator({ [option]: value })).toThrow(`the option "${option}" must`)
  })

  test.each<[EmulatorOptions | object, string]>([
    [{ consentUrl: { url: '/consent' } }, '"consentUrl.url" must be an absolute http(s) URL; got "/consent"'],
    [{ consentUrl: { url: 'https://portal.example', except: 'x' } }, '"consentUrl.except" must be an array'],
    [
      { clients: [{ clientId: 'a', redirectUri: 'x' }] },
      '"clients[0].redirectUri" does not exist; did you mean "redirectUris"?',
    ],
    [{ clients: [{ clientId: 'a' }] }, '"clients[0].name" is required'],
    [
      { clients: [{ clientId: 'a', name: 'A', redirectUris: ['/callback'] }] },
      '"clients[0].redirectUris[0]" must be an absolute URI',
    ],
    [
      { clients: [{ clientId: 'a', name: 'A', redirectUris: ['javascript:alert(1)'] }] },
      '"clients[0].redirectUris[0]" must be an absolute URI without a fragment, of http(s) or of a private-use scheme',
    ],
    [
      { clients: [{ clientId: 'a', name: 'A', postLogoutRedirectUris: ['data:text/html,x'] }] },
      '"clients[0].postLogoutRedirectUris[0]" must be an absolute URI',
    ],
    [{ resources: ['x'] }, '"resources[0]" must be an absolute URI without a fragment, or a path'],
    [{ resources: ['https://api.example/#x'] }, '"resources[0]" must be an absolute URI'],
    [{ resources: ['/own#x'] }, '"resources[0]" must be an absolute URI'],
    [{ accounts: [{ id: '1' }] }, '"accounts[0].email" is required'],
    [{ dpop: { requireNonces: true } }, '"dpop.requireNonces" does not exist; did you mean "requireNonce"?'],
    [{ cors: { origin: 'x' } }, '"cors.origin" does not exist; did you mean "origins"?'],
    [{ cors: { except: ['tokn'] } }, 'did you mean "token"?'],
    [{ seed: { clients: 1e9 } }, '"seed.clients" must be a whole number from 0 to 200000'],
    [{ publicHost: 'a b' }, '"publicHost" must be a host name'],
    [{ publicHost: 'localhost:80' }, '"publicHost" must be a host name in lower case, without a port'],
    [{ controlAccess: { hosts: ['emulator:4010'] } }, '"controlAccess.hosts[0]" must be a host name'],
    [{ controlAccess: { hosts: ['Emulator'] } }, '"controlAccess.hosts[0]" must be a host name'],
    [{ controlAccess: { hosts: ['::1'] } }, '"controlAccess.hosts[0]" must be a host name'],
    [{ clients: [{ clientId: 'é', name: 'E' }] }, '"clients[0].clientId" must be one or more visible ASCII'],
    [
      { clients: [{ clientId: 'a', name: 'A', clientSecret: 'päss' }] },
      '"clients[0].clientSecret" must be one or more visible ASCII',
    ],
    [
      { clients: [{ clientId: 'a', name: 'A', ownerId: 'typo' }] },
      '"clients[0].ownerId" must be the id of an account; got "typo"',
    ],
    [{ clients: [CLIENT, { ...CLIENT, name: 'B' }] }, '"clients" must name no clientId twice'],
    [{ accounts: [ACCOUNT, { ...ACCOUNT, name: 'B' }] }, '"accounts" must name no id twice'],
    [{ rateLimits: { introspect: { limit: 0, windowSeconds: 1 } } }, '"rateLimits.introspect.limit" must'],
    [JSON.parse('{"__proto__":{"port":1}}'), '"__proto__" does not exist'],
  ])('is named with its path: %j', (options, message) => {
    expect(() => createEmulator(options)).toThrow(message)
  })

  test('is named beside every other that is wrong', () => {
    expect(() => createEmulator({ port: -1, profil: 'live', clients: [{}] } as object)).toThrow(
      /"port" must.*\n.*"clients\[0\]\.clientId" is required\n.*"clients\[0\]\.name" is required\n.*"profil" does not exist; did you mean "profile"/,
    )
  })

  test('is named too when there is no such option', () => {
    expect(() => createEmulator({ redirectUris: [] } as EmulatorOptions)).toThrow(
      'the option "redirectUris" does not exist',
    )
  })
})
