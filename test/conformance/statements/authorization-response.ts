import { expect } from 'vitest'
import type { finishCallback } from '../../../packages/core/src/flows/callback.ts'
import type { discoverIssuer } from '../../../packages/core/src/flows/server/discover.ts'
import type { sameOriginPath } from '../../../packages/core/src/model/return-to.ts'
import type { pendingTransactions } from '../../../packages/core/src/model/transaction.ts'
import type { validateAnswer } from '../../../packages/core/src/protocol/authorization.ts'
import { createModelServer, json } from '../../support/model-server.ts'
import { replacing } from '../../support/mutation.ts'
import { codesSent, createScene, errorOf } from '../../support/scene.ts'
import { answerTo, callbackUrl } from '../../support/sign-in-tab.ts'
import { appOrigin } from '../../support/simulated-browser.ts'
import type { Statement } from '../statement.ts'
import { routeByOrigin } from '../support/route-by-origin.ts'
import { storedTransactions } from '../support/stored-transactions.ts'

/** A second authorization server, which the app deals with beside the first one. */
function createOtherServer(issuer: string) {
  const metadata = {
    issuer,
    authorization_endpoint: `${issuer}/v2/oauth/authorize`,
    token_endpoint: `${issuer}/v2/oauth/token`,
  }
  return createModelServer({ metadata })
}

/** Ways to say "another site" that a redirector would fall for. */
const otherPlaces = [
  'https://evil.example/',
  '//evil.example/',
  '/\\evil.example/',
  '\\\\evil.example/',
  '/\t/evil.example/',
  '/.//evil.example/',
  'javascript:alert(1)',
  'data:text/html,x',
  'inbox',
  '',
]

/** What the browser brings back from the server. */
export const authorizationResponseStatements: readonly Statement[] = [
  {
    id: 'S1',
    title:
      'Return paths stay on this origin: whatever leads elsewhere is refused, also when it stands in storage',
    source: 'RFC 9700 section 4.11.1',
    check: async (core) => {
      const scene = createScene(undefined, core)
      const tab = scene.open()
      for (const returnTo of otherPlaces) {
        await expect(tab.auth.signIn({ returnTo }), returnTo).rejects.toBeInstanceOf(TypeError)
      }
      expect(tab.page.href()).toBe(`${appOrigin}/`)
      await scene.leave(tab)
      for (const [key, stored] of scene.records) {
        if (!key.endsWith(' transactions')) continue
        const moved = Object.entries(stored as object).map(([state, transaction]) => [
          state,
          { ...transaction, returnTo: '/.//evil.example/' },
        ])
        scene.records.set(key, Object.fromEntries(moved))
      }
      const back = await scene.comeBack(tab)
      expect(back.page.href()).toBe(`${appOrigin}/`)
    },
    mutation: replacing<typeof sameOriginPath>('sameOriginPath', (original) => (target, base) => {
      // The path without the base of the app is looked at once more.
      const path = target.startsWith('/.//') ? target.slice(2) : target
      return path.startsWith('//') ? path : original(path, base)
    }),
  },
  {
    id: 'S3',
    title:
      'A state is good for one answer, in the browser that made it; what the app keeps is in the record, not in it',
    source: 'RFC 9700 section 4.7.1',
    check: async (core) => {
      const scene = createScene(undefined, core)
      const tab = scene.open()
      const url = await scene.leave(tab, { returnTo: '/inbox' })
      const [state = '', transaction] = Object.entries(storedTransactions(scene))[0] ?? []
      expect(transaction?.returnTo).toBe('/inbox')
      expect(state).not.toContain('inbox')
      const answer = callbackUrl(scene.server, url)
      const elsewhere = createScene(undefined, core)
      await elsewhere.open(answer).auth.ready()
      expect(codesSent(elsewhere)).toBe(0)
      // The answer is opened twice at once, and a third time later.
      await Promise.all([scene.open(answer), scene.open(answer)].map(({ auth }) => auth.ready()))
      await scene.open(answer).auth.ready()
      expect(codesSent(scene)).toBe(1)
    },
    mutation: replacing<typeof pendingTransactions>(
      'pendingTransactions',
      (original) =>
        (...given) =>
          Object.fromEntries(
            Object.entries(original(...given)).map(([state, { claimId: _, ...unclaimed }]) => [
              state,
              unclaimed,
            ]),
          ),
    ),
  },
  {
    id: 'S6',
    title:
      'The iss of an answer, errors too, is compared letter by letter, and missed where the server promised one',
    source: 'RFC 9700 section 4.4.2.1, RFC 9207 section 2.4',
    check: async (core) => {
      const promised = { metadata: { authorization_response_iss_parameter_supported: true } }
      const words = { error_description: 'call 555-0100' }
      const cases = [
        [undefined, { code: 'x', iss: 'https://evil.example' }],
        [undefined, { code: 'x', iss: 'https://api.telnyx.com/' }],
        [undefined, { code: 'x', iss: '' }],
        [undefined, { error: 'access_denied', iss: 'https://evil.example', ...words }],
        [promised, { code: 'x' }],
        [promised, { error: 'access_denied', ...words }],
      ] as const
      for (const [server, answer] of cases) {
        const scene = createScene(server, core)
        const tab = scene.open()
        const back = await scene.comeBack(tab, answerTo(await scene.leave(tab), { ...answer }))
        const { error } = back.auth.getSnapshot()
        expect(error, JSON.stringify(answer)).toMatchObject({ code: 'issuer_mismatch', server: undefined })
        expect(JSON.stringify([error, String(error?.cause), back.events])).not.toMatch(/555|access_denied/)
        expect(codesSent(scene)).toBe(0)
        expect(back.page.href()).toBe(`${appOrigin}/inbox`)
      }
      const scene = createScene(promised, core)
      const tab = scene.open()
      const url = `${callbackUrl(scene.server, await scene.leave(tab))}&iss=${encodeURIComponent(scene.server.issuer)}`
      expect((await scene.comeBack(tab, url)).auth.getSnapshot().status).toBe('signed-in')
    },
    mutation: replacing<typeof validateAnswer>(
      'validateAnswer',
      (original) =>
        (metadata, answer, ...given) => {
          const unsure = new URLSearchParams([...answer].filter(([name, value]) => name !== 'iss' || value))
          return original(metadata, unsure, ...given)
        },
    ),
  },
  {
    id: 'B12',
    title: 'Of two servers, neither gets what the other one issued: not its code, and not its refresh token',
    source: 'RFC 10017 section 9.3',
    check: async (core) => {
      const scene = createScene(undefined, core)
      const other = createOtherServer('https://other.example')
      const fetch = routeByOrigin({
        [scene.server.issuer]: scene.server.fetch,
        'https://other.example': other.fetch,
      })
      const options = { issuer: 'https://other.example', fetch }
      // The other server hands the browser on to the first one, whose answer then comes to the wrong client.
      const tab = scene.open(undefined, options)
      const url = await scene.leave(tab)
      const mixedUp = answerTo(url, { code: scene.server.grant(url), iss: scene.server.issuer })
      expect(errorOf(await scene.comeBack(tab, mixedUp))).toMatchObject({ code: 'issuer_mismatch' })
      await scene.signIn({ fetch })
      const beside = scene.open(undefined, options)
      await beside.auth.refresh().catch(() => {})
      expect(other.tokenRequests()).toEqual([])
      expect(codesSent(scene)).toBe(1)
    },
    mutation: replacing<typeof validateAnswer>(
      'validateAnswer',
      (original) =>
        (metadata, answer, ...given) => {
          const anonymous = new URLSearchParams([...answer].filter(([name]) => name !== 'iss'))
          return original(metadata, anonymous, ...given)
        },
    ),
  },
  {
    id: 'D2',
    title:
      'Parameters that we do not know are ignored: in the answer, in token responses and in the metadata',
    source: 'OAuth 2.1 draft 16 sections 3.2.3 and 4.1.2',
    check: async (core) => {
      const scene = createScene({ metadata: { x_unknown: { deep: [1] } } }, core)
      scene.server.script('/v2/oauth/token', async (process) =>
        json({ ...((await process().json()) as object), x_unknown: { deep: [1] }, id: 7 }),
      )
      const tab = scene.open()
      const url = callbackUrl(scene.server, await scene.leave(tab))
      const back = await scene.comeBack(tab, `${url}&session_state=1&x_unknown=2&x_unknown=3`)
      expect(back.auth.getSnapshot().status).toBe('signed-in')
    },
    mutation: replacing<typeof finishCallback>('finishCallback', (original) => async (context, urls) => {
      const names = [...new URL(context.page.href()).searchParams.keys()]
      return names.some((name) => name.startsWith('x_')) ? false : original(context, urls)
    }),
  },
  {
    id: 'D6',
    title: 'The issuer that a sign-in began with is the only one that its code is sent to',
    source: 'OAuth 2.1 draft 16 section 7.15',
    check: async (core) => {
      const scene = createScene(undefined, core)
      const other = createOtherServer('https://other.example')
      // The resource moves to another server while the person is at the first one.
      const resource = 'https://files.example.com/'
      let issuer = scene.server.issuer
      const fetch = routeByOrigin({
        'https://files.example.com': async () => json({ resource, authorization_servers: [issuer] }),
        [scene.server.issuer]: scene.server.fetch,
        'https://other.example': other.fetch,
      })
      const issuers = [issuer, 'https://other.example']
      const tab = scene.open(undefined, {
        resource,
        allowedIssuers: issuers,
        fetch,
        metadataLifetimeMs: 1000,
      })
      const answer = callbackUrl(scene.server, await scene.leave(tab))
      issuer = 'https://other.example'
      scene.clock.jump(1001)
      const { auth } = await scene.comeBack(tab, answer)
      expect(auth.getSnapshot().status).toBe('signed-in')
      expect(other.tokenRequests()).toEqual([])
    },
    mutation: replacing<typeof discoverIssuer>(
      'discoverIssuer',
      (original) => (context, issuer) => original(context, context.options.allowedIssuers?.at(-1) ?? issuer),
    ),
  },
]
