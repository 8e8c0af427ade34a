import { expect, vi } from 'vitest'
import { json } from '../../support/model-server.ts'
import { createScene } from '../../support/scene.ts'
import { settle } from '../../support/simulated-clock.ts'
import type { Statement, Subject } from '../statement.ts'

const api = 'https://api.telnyx.com/v2/phone_numbers'
const revocation_endpoint = 'https://api.telnyx.com/v2/oauth/revoke'
const anyToken = /(access|refresh)-\d/

/** Everything that a session does: sign-in, a renewal, a request to the API, sign-out. */
async function liveThrough(core: Subject) {
  const scene = createScene({ metadata: { revocation_endpoint } }, core)
  const tab = await scene.signIn()
  await tab.auth.refresh()
  await tab.auth.fetch(api, { method: 'POST', body: 'a=b' })
  await tab.auth.signOut({ returnTo: '/bye' })
  await settle()
  return { scene, tab }
}

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
    mutation: {
      file: 'flows/fetch.ts',
      find: 'const { fetch } = context.transport',
      replace:
        "const fetch: typeof globalThis.fetch = (url, init) => context.transport.fetch(url + '?access_token=' + accessToken, init)",
    },
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
    mutation: {
      file: 'flows/fetch.ts',
      find: 'const request = { ...init, headers }',
      replace: `headers.set('x-access-token', accessToken); const request = { ...init, headers }`,
    },
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
    mutation: {
      file: 'flows/adopt.ts',
      find: 'const previous = state.held',
      replace: `globalThis.document && (document.cookie = 'token=' + token.accessToken); const previous = state.held`,
    },
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
    mutation: {
      file: 'model/token-answer.ts',
      find: 'expiresAtMs: sentAtMs + Math.min(expiresInSeconds, 1e9) * 1000,',
      replace: `expiresAtMs: accessToken.startsWith('e') ? JSON.parse(atob(accessToken.split('.')[1] ?? '')).exp * 1000 : sentAtMs + Math.min(expiresInSeconds, 1e9) * 1000,`,
    },
  },
]
