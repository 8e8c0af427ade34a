import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { EmulatorOptions } from '@telnyx-oauth/emulator'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createCommand, parseCommandLine } from '../../../../packages/emulator/src/options/command-line.ts'
import { OPTIONS } from '../../../../packages/emulator/src/options/option-rules.ts'
import { resolveOptions } from '../../../../packages/emulator/src/options/resolve-options.ts'
import { flagsOf } from '../../../../packages/emulator/src/options/schema.ts'

const EXAMPLES: Readonly<Record<string, string>> = {
  publicHost: 'emulator.test',
  issuer: 'https://auth.example',
  profile: 'spec',
  clients: 'http://localhost:3000/cb',
  accessTokenFormat: 'jwt',
  consentUrl: 'https://portal.example/consent',
}

const parse = (...words: string[]): EmulatorOptions =>
  parseCommandLine(['node', 'telnyx-oauth-emulator', ...words]).options

describe('the command line', () => {
  test('sets nothing that is not asked for', () => {
    expect(parse()).toEqual({})
  })

  test('has a flag for each thing one wants to try', () => {
    expect(
      parse(
        ...[
          '--port',
          '4999',
          '--profile',
          'spec',
          '--access-token-lifetime',
          '60',
          '--refresh-grace-period',
          '10',
        ],
        ...[
          '--no-rotation',
          '--no-cors',
          '--no-rate-limits',
          '--access-token-format',
          'jwt',
          '--iss',
          '--dpop-nonce',
        ],
        ...[
          '--openid',
          '--revocation',
          '--par',
          '--end-session',
          '--remember-sign-in',
          '--seed-clients',
          '5',
          '--host',
          '0.0.0.0',
        ],
        ...[
          '--redirect-uri',
          'http://localhost:3000/cb',
          'http://localhost:3001/cb',
          '--state-file',
          'state.json',
        ],
      ),
    ).toEqual({
      port: 4999,
      host: '0.0.0.0',
      profile: 'spec',
      accessTokenLifetimeSeconds: 60,
      refreshGracePeriodSeconds: 10,
      rotateRefreshTokens: false,
      cors: false,
      rateLimits: false,
      accessTokenFormat: 'jwt',
      issRedirectParameter: true,
      dpop: { requireNonce: true },
      openId: true,
      revocation: true,
      par: true,
      endSession: true,
      rememberSignIn: true,
      seed: { clients: 5 },
      stateFile: 'state.json',
      clients: [
        {
          clientId: 'telnyx-demo',
          name: 'Telnyx OAuth console',
          redirectUris: ['http://localhost:3000/cb', 'http://localhost:3001/cb'],
          postLogoutRedirectUris: ['http://localhost:3000/', 'http://localhost:3001/'],
        },
      ],
    })
  })

  test('reads a file with any of the options, and flags win over it', () => {
    const folder = mkdtempSync(join(tmpdir(), 'emulator-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const path = join(folder, 'emulator.json')
    // With the byte order mark of an editor on Windows.
    writeFileSync(path, `\uFEFF${JSON.stringify({ port: 1, profile: 'spec' })}`)
    expect(parse('--config', path, '--port', '2')).toEqual({ port: 2, profile: 'spec' })
  })

  test('leaves what the file says beside the flags', () => {
    const folder = mkdtempSync(join(tmpdir(), 'emulator-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const path = join(folder, 'emulator.json')
    const config = {
      clients: [
        { clientId: 'mine', name: 'Mine' },
        {
          clientId: 'telnyx-demo',
          name: 'My demo',
          scopes: ['fax.read'],
          redirectUris: ['https://a.example/'],
        },
      ],
      seed: { clients: 3, grants: 4 },
      openId: { idTokenAlgorithm: 'RS256' },
      dpop: { requireNonce: true },
      par: { required: true },
      consentUrl: { url: 'https://portal.example/', except: ['portal'] },
    } satisfies EmulatorOptions
    writeFileSync(path, JSON.stringify(config))
    const flags = ['--seed-grants', '9', '--openid', '--dpop', '--par']
    const uris = ['--redirect-uri', 'http://localhost:3000/cb', 'http://localhost:3001/cb']
    const page = ['--consent-url', 'https://other.example/']
    expect(parse('--config', path, ...flags, ...uris, ...page)).toEqual({
      ...config,
      clients: [
        config.clients[0],
        {
          clientId: 'telnyx-demo',
          name: 'My demo',
          scopes: ['fax.read'],
          redirectUris: ['http://localhost:3000/cb', 'http://localhost:3001/cb'],
          postLogoutRedirectUris: ['http://localhost:3000/', 'http://localhost:3001/'],
        },
      ],
      seed: { clients: 3, grants: 9 },
      consentUrl: { url: 'https://other.example/', except: ['portal'] },
    })
  })

  test('adds the demo client, to which redirect URIs belong, if the file has others alone', () => {
    const folder = mkdtempSync(join(tmpdir(), 'emulator-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const path = join(folder, 'emulator.json')
    writeFileSync(path, JSON.stringify({ clients: [{ clientId: 'mine', name: 'Mine' }], openId: false }))
    const { clients = [], openId } = parse(
      '--config',
      path,
      '--openid',
      '--redirect-uri',
      'https://a.example/',
    )
    expect([clients.map(({ clientId }) => clientId), openId]).toEqual([['telnyx-demo', 'mine'], true])
  })

  test.each([
    ['{"port":', /emulator\.json: .*JSON/],
    ['{"prot":1}', /emulator\.json: the option "prot" does not exist; did you mean "port"\?$/],
    ['[]', /emulator\.json: the options must be an object; got \[\]$/],
  ])('names the file whose content is wrong: %s', (content, message) => {
    const folder = mkdtempSync(join(tmpdir(), 'emulator-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const path = join(folder, 'emulator.json')
    writeFileSync(path, content)
    expect(() => parse('--config', path)).toThrow(message)
    expect(() => parse('--config', join(folder, 'gone.json'))).toThrow(/gone\.json: ENOENT/)
  })

  test('takes a redirect URI of a private-use scheme', () => {
    const [client] = parse('--redirect-uri', 'com.example.app:callback').clients ?? []
    expect(client).toMatchObject({ redirectUris: ['com.example.app:callback'], postLogoutRedirectUris: [] })
  })

  test.each(['/callback', 'https://app.example/#x', 'javascript:alert(1)'])(
    'refuses the redirect URI %s',
    (uri) => {
      expect(() => parse('--redirect-uri', uri)).toThrow(
        'telnyx-oauth-emulator: --redirect-uri must be an absolute URI without a fragment',
      )
    },
  )

  test.each([
    [['--port', 'x'], '--port must be an integer from 0 to 65535; got "x"'],
    [
      ['--issuer', 'https://a.example/'],
      '--issuer must be an http(s) URL without a path, query or trailing slash',
    ],
    [['--profile', 'spce'], '--profile must be "live" or "spec"; did you mean "spec"?'],
    [['--access-token-lifetime', '-1'], '--access-token-lifetime must be a whole number of seconds'],
    [['--seed-grants', '1e9'], '--seed-grants must be a whole number from 0 to 200000; got 1000000000'],
    [['--public-host', 'a b'], '--public-host must be a host name in lower case, without a port; got "a b"'],
    [['--consent-url', '/consent'], '--consent-url must be an absolute http(s) URL'],
  ])('checks %j by the schema of the option, and names the flag', (words, message) => {
    expect(() => parse(...words)).toThrow(`telnyx-oauth-emulator: ${message}`)
  })

  test('has flags only on options of the schema, and each flag sets the option that it stands on', () => {
    for (const [name, schema] of Object.entries(OPTIONS)) {
      for (const { usage } of flagsOf(schema)) {
        const [flag = '', ...argument] = usage.split(' ')
        const example = name === 'stateFile' || name === 'host' ? 'x' : (EXAMPLES[name] ?? '1')
        expect(Object.keys(parse(flag, ...argument.map(() => example)))).toEqual([name])
      }
    }
  })

  test('prints the version of the package', () => {
    const { version } = JSON.parse(readFileSync('packages/emulator/package.json', 'utf8')) as {
      version: string
    }
    expect(createCommand().version()).toBe(version)
  })

  test('shows every flag in its help', () => {
    const help = createCommand().helpInformation()
    for (const flag of ['--port', '--profile', '--state-file', '--dpop', '--config'])
      expect(help).toContain(flag)
  })
})

describe('the defaults', () => {
  test('are those of the contract', () => {
    expect(resolveOptions({})).toMatchObject({
      host: '127.0.0.1',
      port: 4010,
      profile: 'live',
      accessTokenLifetimeSeconds: 1800,
      rotateRefreshTokens: true,
      refreshGracePeriodSeconds: 0,
      revocation: false,
      par: false,
      dpop: false,
      issRedirectParameter: false,
      limits: { introspect: { limit: 5, windowSeconds: 60 }, register: { limit: 5, windowSeconds: 3600 } },
    })
  })
})
