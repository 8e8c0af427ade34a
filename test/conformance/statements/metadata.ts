import { expect } from 'vitest'
import type { resolveOptions, TelnyxAuthOptions } from '../../../packages/core/src/options.ts'
import type { authorizationUrl, supportsPkce } from '../../../packages/core/src/protocol/authorization.ts'
import type { requestMetadata, wrongEndpoint } from '../../../packages/core/src/protocol/metadata.ts'
import { json } from '../../support/model-server.ts'
import { replacing } from '../../support/mutation.ts'
import { createScene } from '../../support/scene.ts'
import { appOrigin, testOptions } from '../../support/simulated-browser.ts'
import { settle } from '../../support/simulated-clock.ts'
import type { Statement, Subject } from '../statement.ts'

/** The texts, and lists of texts, in `values`, with every plain http address made an https one. */
const asHttps = (values: object): object =>
  Object.fromEntries(
    Object.entries(values)
      .filter(([, value]) => typeof value === 'string' || Array.isArray(value))
      .map(([name, value]) => [name, JSON.parse(JSON.stringify(value).replaceAll('http:', 'https:'))]),
  )

/** How a sign-in ends at a server with this metadata. Nothing may have left but the request for it. */
async function refusal(core: Subject, metadata: Readonly<Record<string, unknown>>): Promise<unknown> {
  const scene = createScene({ metadata }, core)
  const tab = scene.open()
  const outcome = await tab.auth.signIn().then(
    () => 'none',
    (error: unknown) => (error as { readonly code?: string }).code,
  )
  if (outcome === 'none') return outcome
  expect(tab.page.href()).toBe(`${appOrigin}/`)
  expect(scene.server.requests.map(({ method }) => method)).toEqual(['GET'])
  return outcome
}

const servers = ['issuer', 'redirectUri', 'resource'] as const

const paths: Readonly<Record<string, string>> = {
  authorization_endpoint: '/v2/oauth/authorize',
  token_endpoint: '/v2/oauth/token',
  revocation_endpoint: '/v2/oauth/revoke',
  pushed_authorization_request_endpoint: '/v2/oauth/par',
}

/** What is believed of a server, and which addresses are good enough. */
export const metadataStatements: readonly Statement[] = [
  {
    id: 'S5',
    title: 'A server whose metadata does not list S256 is refused before the browser leaves for it',
    source: 'RFC 9700 section 2.1.1',
    check: async (core) => {
      for (const methods of [undefined, [], ['plain'], ['s256'], 'plain S256', 256]) {
        const metadata = { code_challenge_methods_supported: methods }
        expect(await refusal(core, metadata), String(methods)).toBe('pkce_unsupported')
      }
    },
    mutation: replacing<typeof supportsPkce>('supportsPkce', () => () => true),
  },
  {
    id: 'S7',
    title: 'Metadata of another issuer is refused, be it different by a slash or by a capital',
    source: 'RFC 9700 section 2.6, RFC 8414 section 3.3',
    check: async (core) => {
      for (const issuer of [
        'https://evil.example',
        'https://api.telnyx.com/',
        'https://API.telnyx.com',
        undefined,
      ]) {
        expect(await refusal(core, { issuer }), issuer).toBe('metadata_invalid')
      }
    },
    mutation: replacing<typeof requestMetadata>('requestMetadata', (original) => (transport, issuer, now) => {
      const fetch: typeof globalThis.fetch = async (...given) =>
        json({ ...((await (await transport.fetch(...given)).json()) as object), issuer })
      return original({ ...transport, fetch }, issuer, now)
    }),
  },
  {
    id: 'S8',
    title: 'Every endpoint is the one that the metadata names, wherever that is',
    source: 'RFC 9700 section 2.6, RFC 8414 section 2',
    check: async (core) => {
      const metadata = {
        authorization_endpoint: 'https://login.telnyx.com/start?theme=dark',
        token_endpoint: 'https://tokens.telnyx.com/v2/oauth/token',
        revocation_endpoint: 'https://revocation.telnyx.com/v2/oauth/revoke',
      }
      const scene = createScene({ metadata }, core)
      const tab = scene.open()
      expect(await scene.leave(tab)).toMatch(/^https:\/\/login\.telnyx\.com\/start\?theme=dark&/)
      const back = await scene.comeBack(tab)
      await back.auth.refresh()
      await back.auth.signOut()
      await settle()
      const posts = scene.server.requests.filter(({ method }) => method === 'POST').map(({ url }) => url)
      const { token_endpoint, revocation_endpoint } = metadata
      expect(posts).toEqual([token_endpoint, token_endpoint, revocation_endpoint])
    },
    mutation: replacing<typeof authorizationUrl>(
      'authorizationUrl',
      (original) => (metadata, parameters) =>
        original(
          { ...metadata, authorization_endpoint: `${metadata.issuer}/v2/oauth/authorize` },
          parameters,
        ),
    ),
  },
  {
    id: 'S14',
    title: 'Endpoints on plain http are refused, but for those of this very machine',
    source: 'RFC 9700 section 2.6, RFC 8252 section 8.3',
    check: async (core) => {
      for (const [endpoint, path] of Object.entries(paths)) {
        expect(await refusal(core, { [endpoint]: `http://api.telnyx.com${path}` })).toBe('metadata_invalid')
        expect(await refusal(core, { [endpoint]: `http://127.0.0.1:4010${path}` })).toBe('none')
      }
    },
    mutation: replacing<typeof wrongEndpoint>(
      'wrongEndpoint',
      (original) => (metadata) => original(Object.assign({}, metadata, asHttps(metadata))),
    ),
  },
  {
    id: 'D1',
    title: 'Options take https addresses only, and http for this very machine',
    source: 'OAuth 2.1 draft 16 section 1.5',
    check: (core) => {
      const resolve = (option: keyof TelnyxAuthOptions, url: string) => () =>
        core.resolveOptions({ ...testOptions, [option]: option === 'allowedUrls' ? [url] : url })
      for (const option of [...servers, 'allowedUrls'] as const) {
        expect(resolve(option, 'http://telnyx.example'), option).toThrow(TypeError)
        expect(resolve(option, 'http://127.0.0.1.telnyx.example'), option).toThrow(TypeError)
        expect(resolve(option, 'https://telnyx.example'), option).not.toThrow()
        expect(resolve(option, 'http://localhost:4010'), option).not.toThrow()
      }
    },
    mutation: replacing<typeof resolveOptions>(
      'resolveOptions',
      (original) => (options) => original(Object.assign({}, options, asHttps(options))),
    ),
  },
]
