import { expect, vi } from 'vitest'
import type { tokenFrom } from '../../../packages/core/src/model/token-response.ts'
import { lyingPorts, sendingWith } from '../../support/lying-ports.ts'
import { json } from '../../support/model-server.ts'
import { replacing } from '../../support/mutation.ts'
import { createScene } from '../../support/scene.ts'
import type { Statement } from '../statement.ts'
import { api, liveThrough } from '../support/live-through.ts'

const anyToken = /(access|refresh)-\d/

/** A signed token whose payload contradicts what the server says about it. */
const contradicting = `e30.${btoa(JSON.stringify({ exp: 1, scope: 'admin', sub: 'eve' }))}.c2ln`

/** Where tokens go. */
export const tokenStatements: readonly Statement[] = [
  {
    id: 'S9',
    title: 'No token is in the URL of a request or of a page',
    source: 'RFC 9700 section 4.3.2',
    check: async (core) => {
      const { scene, tab } = await liveThrough(core)
      const urls = [...scene.server.requests.map(({ url }) => url), tab.page.href(), ...tab.log]
      expect(urls.filter((url) => anyToken.test(url))).toEqual([])
      expect(urls).toContain(api)
    },
    mutation: sendingWith(({ url, headers }) => {
      const [, token] = headers.get('authorization')?.split('Bearer ') ?? []
      if (token) url.searchParams.set('access_token', token)
    }),
  },
  {
    id: 'D5',
    title:
      'The access token travels in the Authorization header of requests to the resource, and in nothing else',
    source: 'OAuth 2.1 draft 16 section 5.1.1',
    check: async (core) => {
      const { scene } = await liveThrough(core)
      const seen = scene.server.requests.map(({ path, headers, parameters }) => ({
        path,
        names: Object.keys(headers).filter((name) => anyToken.test(headers[name] ?? '')),
        inBody: [...parameters].filter(([, value]) => value.startsWith('access-')),
      }))
      const carrying = seen.filter(({ names, inBody }) => names.length + inBody.length > 0)
      expect(carrying).toEqual([{ path: '/v2/phone_numbers', names: ['authorization'], inBody: [] }])
    },
    mutation: sendingWith(({ headers }) => {
      const authorization = headers.get('authorization')
      if (authorization) headers.set('x-access-token', authorization)
    }),
  },
  {
    id: 'B7',
    title: 'No script of ours sets a cookie: neither with a token nor without one',
    source: 'RFC 10017 section 8.1',
    check: async (core) => {
      const set: unknown[] = []
      if (!globalThis.document) vi.stubGlobal('document', {})
      vi.stubGlobal('cookieStore', { set: (...cookie: unknown[]) => set.push(cookie) })
      Object.defineProperty(document, 'cookie', {
        configurable: true,
        get: () => '',
        set: (value) => set.push(value),
      })
      try {
        await liveThrough(core)
      } finally {
        Reflect.deleteProperty(document, 'cookie')
        vi.unstubAllGlobals()
      }
      expect(set).toEqual([])
    },
    mutation: lyingPorts(({ page }) => ({
      page: {
        ...page,
        replace: (...given) => {
          void globalThis.cookieStore?.set('was-here', '1')
          page.replace(...given)
        },
      },
    })),
  },
  {
    id: 'D9',
    title: 'An access token is a text: what the server says about it counts, not what could be read in it',
    source: 'OAuth 2.1 draft 16 section 1.4',
    check: async (core) => {
      for (const access_token of [contradicting, 'not.a.jwt', 'opaque']) {
        const scene = createScene(undefined, core)
        scene.server.script('/v2/oauth/token', () =>
          json({ access_token, token_type: 'Bearer', expires_in: 1800, scope: 'billing.read' }),
        )
        const { auth } = await scene.signIn()
        const expiresAtMs = scene.clock.now() + 1_800_000
        const token = { accessToken: access_token, expiresAtMs, scopes: ['billing.read'] }
        expect(auth.getSnapshot()).toMatchObject({ status: 'signed-in', token })
        expect(auth.getSnapshot()).not.toHaveProperty('token.claims')
        expect(await auth.getAccessToken()).toBe(access_token)
      }
    },
    mutation: replacing<typeof tokenFrom>('tokenFrom', (original) => (answer, ...given) => {
      const token = original(answer, ...given)
      const [header, payload = ''] = answer.accessToken.split('.')
      return header === 'e30' ? { ...token, expiresAtMs: JSON.parse(atob(payload)).exp * 1000 } : token
    }),
  },
]
