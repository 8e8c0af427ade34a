import { expect, vi } from 'vitest'
import type { sessionKeyOf } from '../../../packages/core/src/client.ts'
import { lyingPorts } from '../../support/lying-ports.ts'
import { replacing } from '../../support/mutation.ts'
import { createScene } from '../../support/scene.ts'
import { appOrigin } from '../../support/simulated-browser.ts'
import type { Statement, Subject } from '../statement.ts'
import { liveThrough } from '../support/live-through.ts'
import { routeByOrigin } from '../support/route-by-origin.ts'

/** Headers that a page may send to another origin without asking first (Fetch, CORS-safelisted request-header). */
const safelisted = ['accept', 'accept-language', 'content-language', 'content-type']

/** Names itself to servers only where there is no browser to do so. */
const outsideBrowsers = ['user-agent']

/** The values that `record` was called with while a session lived with `stub` in place of a member of `owner`. */
async function recorded(
  core: Subject,
  owner: object,
  name: string,
  stub: (record: (value: unknown) => void) => unknown,
): Promise<unknown[]> {
  const values: unknown[] = []
  const before = Object.getOwnPropertyDescriptor(owner, name)
  Object.defineProperty(owner, name, {
    configurable: true,
    value: stub((value) => void values.push(value)),
  })
  try {
    await liveThrough(core)
  } finally {
    if (before) Object.defineProperty(owner, name, before)
    else Reflect.deleteProperty(owner, name)
  }
  return values
}

/**
 * What standards say to those who deploy an app, as far as core can be seen to keep to it. The rest is advice in
 * SECURITY.md, which no test proves.
 */
export const guidanceStatements: readonly Statement[] = [
  {
    id: 'B8',
    title: 'Core registers no service worker: one that shares the storage of its origin isolates no token',
    source: 'RFC 10017 section 8.2',
    check: async (core) => {
      vi.stubGlobal('navigator', {})
      try {
        const scripts = await recorded(core, navigator, 'serviceWorker', (record) => ({
          register: async (script: unknown) => record(script),
        }))
        expect(scripts).toEqual([])
      } finally {
        vi.unstubAllGlobals()
      }
    },
    mutation: lyingPorts(({ fetch }) => ({
      fetch: (...given) => {
        void globalThis.navigator?.serviceWorker?.register('/telnyx-oauth.js')
        return fetch(...given)
      },
    })),
  },
  {
    id: 'B9',
    title: 'No token is got in a hidden frame: each sign-in is a navigation that the user can see',
    source: 'RFC 10017 section 8.3',
    check: async (core) => {
      if (!globalThis.document) vi.stubGlobal('document', {})
      try {
        const elements = await recorded(core, document, 'createElement', (record) => (name: unknown) => {
          record(name)
          return {}
        })
        expect(elements).toEqual([])
      } finally {
        vi.unstubAllGlobals()
      }
      const scene = createScene(undefined, core)
      await scene.signIn()
      scene.server.revokeAll()
      const tab = scene.open()
      await expect(tab.auth.refresh()).rejects.toMatchObject({ code: 'invalid_grant' })
      await expect(tab.auth.getAccessToken()).rejects.toMatchObject({ code: 'invalid_grant' })
      expect(tab.page.href()).toBe(`${appOrigin}/`)
    },
    mutation: lyingPorts(({ page }) => ({
      page: {
        ...page,
        navigate: (url) => {
          if (globalThis.document) document.createElement('iframe').src = url
          page.navigate(url)
        },
      },
    })),
  },
  {
    id: 'B13',
    title: 'Apps that share an origin do not share a session: client id and session name keep them apart',
    source: 'RFC 10017 sections 8.6 and 9.4',
    check: async (core) => {
      const scene = createScene(undefined, core)
      await scene.signIn()
      for (const options of [{ clientId: 'another-app' }, { sessionName: 'second' }]) {
        const { auth } = scene.open(undefined, options)
        await auth.ready()
        expect(auth.getSnapshot(), JSON.stringify(options)).toEqual({ status: 'signed-out' })
      }
    },
    mutation: replacing<typeof sessionKeyOf>(
      'sessionKeyOf',
      (original) => (options) => original({ ...options, clientId: 'any', sessionName: '' }),
    ),
  },
  {
    id: 'B14',
    title:
      'Servers need allow an origin and nothing more: no request brings credentials or asks for a header',
    source: 'RFC 10017 sections 6.3.3.4 and 6.3.4.3; Fetch standard, CORS-safelisted requests',
    check: async (core) => {
      const revocation_endpoint = 'https://api.telnyx.com/v2/oauth/revoke'
      const scene = createScene({ metadata: { revocation_endpoint } }, core)
      const credentials: unknown[] = []
      const fetch = routeByOrigin({
        [scene.server.issuer]: (input, init) => {
          credentials.push(init?.credentials)
          return scene.server.fetch(input, init)
        },
      })
      const { auth } = await scene.signIn({ fetch })
      await auth.refresh()
      await auth.signOut()
      const isInBrowser = typeof document === 'object'
      const allowed = isInBrowser ? safelisted : [...safelisted, ...outsideBrowsers]
      const names = scene.server.requests.flatMap(({ headers }) => Object.keys(headers))
      expect(names.filter((name) => !allowed.includes(name))).toEqual([])
      expect(scene.server.requests).toHaveLength(4)
      expect(credentials.filter((mode) => mode !== undefined && mode !== 'omit')).toEqual([])
    },
    mutation: lyingPorts(({ fetch }) => ({
      fetch: (input, init) => fetch(input, { ...init, credentials: 'include' }),
    })),
  },
  {
    id: 'S10',
    title:
      'The response is out of the URL before anything is sent: no Referer header can bring the code along',
    source: 'RFC 9700 section 4.2.4',
    check: async (core) => {
      const scene = createScene(undefined, core)
      const tab = scene.open()
      await scene.leave(tab)
      const addresses: string[] = []
      scene.server.script('/v2/oauth/token', (process) => {
        addresses.push(tab.page.href())
        return process()
      })
      await scene.comeBack(tab)
      expect(addresses).toEqual([`${appOrigin}/callback`])
    },
    mutation: lyingPorts(({ page }) => ({
      page: {
        ...page,
        replace: (url, announce) => {
          if (announce) page.replace(url, announce)
        },
      },
    })),
  },
  {
    id: 'D7',
    title: 'The user leaves the redirect page as soon as the session is there, with nothing of the response',
    source: 'OAuth 2.1 draft 16 section 2.3.6',
    check: async (core) => {
      const scene = createScene(undefined, core)
      const { page, auth } = await scene.signIn()
      expect(auth.getSnapshot().status).toBe('signed-in')
      expect(page.href()).toBe(`${appOrigin}/inbox`)
    },
    mutation: lyingPorts(({ page }) => ({
      page: {
        ...page,
        replace: (url, announce) => {
          if (!announce) page.replace(url)
        },
      },
    })),
  },
]
