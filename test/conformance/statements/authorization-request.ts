import { expect } from 'vitest'
import type { pushed } from '../../../packages/core/src/flows/push.ts'
import type { absoluteRedirectUri } from '../../../packages/core/src/model/urls.ts'
import type { TelnyxAuthOptions } from '../../../packages/core/src/options.ts'
import type {
  authorizationParameters,
  newCodeVerifier,
} from '../../../packages/core/src/protocol/authorization.ts'
import { lyingPorts } from '../../support/lying-ports.ts'
import { replacing } from '../../support/mutation.ts'
import { codesSent, createScene, errorOf } from '../../support/scene.ts'
import { answerTo } from '../../support/sign-in-tab.ts'
import { appOrigin } from '../../support/simulated-browser.ts'
import type { Statement } from '../statement.ts'
import { sha256 } from '../support/sha256.ts'
import { storedTransactions } from '../support/stored-transactions.ts'

const parametersOf = (url: string): URLSearchParams => new URL(url).searchParams

/** What the browser is sent to the server with, and the first thing that it brings back. */
export const authorizationRequestStatements: readonly Statement[] = [
  {
    id: 'B1',
    title: 'There is authorization code with PKCE, and no option or parameter leads to another flow',
    source: 'RFC 10017 sections 6.3.2.1, 7.2 and 7.3',
    check: async (core) => {
      const wishes = { grant_type: 'password', username: 'ada', password: 'pw' }
      const options = {
        ...wishes,
        response_type: 'token',
        responseType: 'token',
        flow: 'implicit',
      } as Partial<TelnyxAuthOptions>
      const scene = createScene(undefined, core)
      const tab = scene.open(undefined, options)
      await expect(tab.auth.signIn({ parameters: { response_type: 'token' } })).rejects.toThrow(TypeError)
      const request = parametersOf(await scene.leave(tab, { parameters: wishes }))
      expect(request.getAll('response_type')).toEqual(['code'])
      expect(request.get('code_challenge')).toMatch(/^[\w-]{43}$/)
      const back = await scene.comeBack(tab)
      await back.auth.refresh()
      const grants = scene.server.tokenRequests().map(({ grant }) => grant)
      expect(grants).toEqual(['authorization_code', 'refresh_token'])
    },
    mutation: replacing<typeof authorizationParameters>(
      'authorizationParameters',
      (original) => async (transport, request) => {
        const parameters = await original(transport, request)
        if (request.extra.grant_type) parameters.set('response_type', 'token')
        return parameters
      },
    ),
  },
  {
    id: 'B2',
    title:
      'Every sign-in has a state and a code challenge, and an answer that nobody here asked for is not used',
    source: 'RFC 10017 section 6.3.2.2',
    check: async (core) => {
      const scene = createScene(undefined, core)
      const tab = scene.open()
      const url = await scene.leave(tab)
      expect(parametersOf(url).get('state')).toMatch(/^tx1\.[\w-]{43}$/)
      expect(parametersOf(url).get('code_challenge_method')).not.toBeNull()
      // A victim is sent here with the code of the attacker, while a sign-in of their own is under way.
      const forged = answerTo(url, { state: `tx1.${'A'.repeat(43)}`, code: scene.server.grant(url) })
      const back = await scene.comeBack(tab, forged)
      expect(errorOf(back)).toMatchObject({ code: 'transaction_not_found' })
      expect(codesSent(scene)).toBe(0)
    },
    mutation: lyingPorts(({ transactions, page }) => ({
      transactions: {
        ...transactions,
        // Whatever state comes back is taken for that of the sign-in under way.
        update: (key, change) =>
          transactions.update(key, (stored) => {
            const state = new URL(page.href()).searchParams.get('state')
            const [pending] = Object.values(stored ?? {})
            return change(state && pending ? { ...Object(stored), [state]: pending } : stored)
          }),
      },
    })),
  },
  {
    id: 'B3',
    title: 'The redirect URI is the one of the option, letter by letter, whatever page the sign-in begins on',
    source: 'RFC 10017 section 6.3.3.2.1',
    check: async (core) => {
      const sentFor = async (redirectUri: string) => {
        const scene = createScene(undefined, core)
        const tab = scene.open(`${appOrigin}/deep/page?tab=2#part`, { redirectUri })
        return parametersOf(await scene.leave(tab)).get('redirect_uri')
      }
      expect(await sentFor('/callback')).toBe(`${appOrigin}/callback`)
      for (const redirectUri of [
        'https://app.example.com',
        'https://app.example.com:443/Sign-In?from=telnyx',
      ]) {
        expect(await sentFor(redirectUri)).toBe(redirectUri)
      }
    },
    mutation: replacing<typeof absoluteRedirectUri>(
      'absoluteRedirectUri',
      () => (given, origin) => new URL(given, origin).href,
    ),
  },
  {
    id: 'S4',
    title:
      'The code challenge is S256 of a verifier that is fresh and leaves this browser for the token endpoint alone',
    source: 'RFC 9700 section 2.1.1',
    check: async (core) => {
      const scene = createScene(undefined, core)
      const tab = scene.open()
      for (const parameters of [{ code_challenge: 'x'.repeat(43) }, { code_challenge_method: 'plain' }])
        await expect(tab.auth.signIn({ parameters })).rejects.toThrow(TypeError)
      const first = await scene.leave(tab)
      const elsewhere = createScene(undefined, core)
      const second = await elsewhere.leave(elsewhere.open())
      const pending = [scene, elsewhere].flatMap((one) => Object.values(storedTransactions(one)))
      const verifiers = pending.map(({ verifier }) => verifier)
      expect(new Set(verifiers).size).toBe(2)
      expect(parametersOf(first).getAll('code_challenge_method')).toEqual(['S256'])
      for (const verifier of verifiers) expect(first + second).not.toContain(verifier)
      await scene.comeBack(tab)
      const [request] = scene.server.tokenRequests('authorization_code')
      const verifier = request?.parameters.get('code_verifier') ?? ''
      expect(await sha256(verifier)).toBe(parametersOf(first).get('code_challenge'))
    },
    mutation: replacing<typeof newCodeVerifier>('newCodeVerifier', () => () => 'v'.repeat(43)),
  },
  {
    id: 'S13',
    title: 'Nothing is asked for that the app did not name: no scope, where it named none',
    source: 'RFC 9700 section 2.3',
    check: async (core) => {
      const scopeFor = async (scope: readonly string[]) => {
        const scene = createScene(undefined, core)
        const tab = scene.open(undefined, { scope })
        const asked = parametersOf(await scene.leave(tab)).getAll('scope')
        const back = await scene.comeBack(tab)
        await back.auth.refresh()
        expect(scene.server.tokenRequests().flatMap((sent) => sent.parameters.getAll('scope'))).toEqual([])
        return asked
      }
      expect(await scopeFor([])).toEqual([])
      expect(await scopeFor(['voice.write', 'billing.read'])).toEqual(['voice.write billing.read'])
    },
    mutation: replacing<typeof authorizationParameters>(
      'authorizationParameters',
      (original) => (transport, request) =>
        original(transport, request.scopes[0] ? request : { ...request, scopes: ['openid'] }),
    ),
  },
  {
    id: 'D8',
    title: 'Neither state nor scope tells of the person, of where they were, or of the verifier',
    source: 'OAuth 2.1 draft 16 section 4.1.1',
    check: async (core) => {
      const scene = createScene(undefined, core)
      const options = { returnTo: '/patients/4711', loginHint: 'ada@example.com' }
      const request = parametersOf(await scene.leave(scene.open(), options))
      const state = request.get('state') ?? ''
      // Random bytes and nothing else: what could be read in them, is not in them.
      expect(state).toMatch(/^tx1\.[\w-]{43}$/)
      expect(atob(state.slice(4).replaceAll('-', '+').replaceAll('_', '/'))).not.toMatch(/patients|ada/)
      expect(request.get('scope')).toBe('messaging.read billing.read')
    },
    mutation: replacing<typeof authorizationParameters>(
      'authorizationParameters',
      (original) => (transport, request) => {
        const { login_hint } = request.extra
        return original(
          transport,
          login_hint ? { ...request, scopes: [...request.scopes, `for:${login_hint}`] } : request,
        )
      },
    ),
  },
  {
    id: 'N7',
    title: 'A pushed request is told to the server anew for each sign-in, and its reference goes out once',
    source: 'RFC 9126 sections 2.2 and 4',
    check: async (core) => {
      const path = '/v2/oauth/par'
      const metadata = { pushed_authorization_request_endpoint: `https://api.telnyx.com${path}` }
      const scene = createScene({ metadata }, core)
      const tab = scene.open()
      // The person comes back without an answer, and tries again.
      const urls = [await scene.leave(tab), await scene.leave(tab)].map(parametersOf)
      for (const url of urls) expect([...url.keys()].sort()).toEqual(['client_id', 'request_uri'])
      expect(new Set(urls.map((url) => url.get('request_uri'))).size).toBe(2)
      const pushed = scene.server.requests.filter((request) => request.path === path)
      const states = pushed.map(({ parameters }) => parameters.get('state') ?? '')
      expect(new Set(states)).toEqual(new Set(Object.keys(storedTransactions(scene))))
      expect(states).toHaveLength(2)
    },
    mutation: replacing<typeof pushed>('pushed', (original) => {
      const kept = new WeakMap<object, ReturnType<typeof original>>()
      return (context, metadata, ...given) => {
        if (!metadata.pushed_authorization_request_endpoint) return original(context, metadata, ...given)
        const reference = kept.get(context) ?? original(context, metadata, ...given)
        kept.set(context, reference)
        return reference
      }
    }),
  },
]
