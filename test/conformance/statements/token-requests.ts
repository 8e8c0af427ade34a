import { expect } from 'vitest'
import type { storeRefresh } from '../../../packages/core/src/flows/refresh/store-refresh.ts'
import type { revoke } from '../../../packages/core/src/protocol/revocation.ts'
import { lyingPorts, sendingWith } from '../../support/lying-ports.ts'
import { json, type Script } from '../../support/model-server.ts'
import { replacing } from '../../support/mutation.ts'
import { createScene, lifetimeMs, refreshTokensSent } from '../../support/scene.ts'
import { settle } from '../../support/simulated-clock.ts'
import type { Statement } from '../statement.ts'

const tokenPath = '/v2/oauth/token'
const resource = 'https://api.telnyx.com/v2'
const revocation_endpoint = 'https://api.telnyx.com/v2/oauth/revoke'

/** What the server would have answered, without a refresh token. */
const withoutRefreshToken: Script = async (process) => {
  const { refresh_token: _, ...rest } = (await process().json()) as Record<string, unknown>
  return json(rest)
}

/** How token requests are made. */
export const tokenRequestStatements: readonly Statement[] = [
  {
    id: 'D4',
    title: 'Token requests are POSTs of a form; nothing of them is in the URL',
    source: 'OAuth 2.1 draft 16 section 3.2.2',
    check: async (core) => {
      const scene = createScene(undefined, core)
      const { auth } = await scene.signIn()
      await auth.refresh()
      for (const { method, url, headers } of scene.server.tokenRequests()) {
        expect([method, url]).toEqual(['POST', `${scene.server.issuer}${tokenPath}`])
        expect(headers['content-type']).toMatch(/^application\/x-www-form-urlencoded(;|$)/)
      }
      expect(scene.server.tokenRequests()).toHaveLength(2)
    },
    mutation: sendingWith(({ form, headers }) => {
      if (form.has('grant_type')) headers.set('content-type', 'text/plain')
    }),
  },
  {
    id: 'D10',
    title: 'The redirect URI is repeated where a code is exchanged, as it was sent, and nowhere else',
    source: 'OAuth 2.1 draft 16 section 10.2',
    check: async (core) => {
      const scene = createScene(undefined, core)
      const tab = scene.open()
      const asked = new URL(await scene.leave(tab)).searchParams.getAll('redirect_uri')
      await (await scene.comeBack(tab)).auth.refresh()
      const repeated = scene.server.tokenRequests().map((sent) => sent.parameters.getAll('redirect_uri'))
      expect(repeated).toEqual([asked, []])
      expect(asked).toHaveLength(1)
    },
    mutation: sendingWith(({ form }) => {
      if (form.has('code')) form.delete('redirect_uri')
    }),
  },
  {
    id: 'N2',
    title: 'The resource is named to the server in the authorization, the code and the refresh request',
    source: 'RFC 8707 section 2',
    check: async (core) => {
      const scene = createScene(undefined, core)
      const { issuer } = scene.server
      const tab = scene.open(undefined, { issuer, resource })
      expect(new URL(await scene.leave(tab)).searchParams.getAll('resource')).toEqual([resource])
      await (await scene.comeBack(tab)).auth.refresh()
      const named = scene.server.tokenRequests().map((sent) => sent.parameters.getAll('resource'))
      expect(named).toEqual([[resource], [resource]])
    },
    mutation: sendingWith(({ form }) => {
      if (form.has('code')) form.delete('resource')
    }),
  },
  {
    id: 'B5',
    title: 'Refresh tokens may rotate and may end; renewing never makes a session last longer than it was to',
    source: 'RFC 10017 section 6.3.2.3',
    check: async (core) => {
      const ended = createScene(undefined, core)
      const tab = await ended.signIn()
      await tab.auth.refresh()
      // As at the end of its life, or after too long a pause.
      ended.server.revokeAll()
      await expect(tab.auth.refresh()).rejects.toMatchObject({ code: 'invalid_grant' })
      await expect(tab.auth.getAccessToken()).rejects.toMatchObject({ code: 'invalid_grant' })
      await ended.clock.advance(lifetimeMs)
      expect(refreshTokensSent(ended)).toEqual(['refresh-2', 'refresh-3'])
      const limited = createScene(undefined, core)
      const { auth } = await limited.signIn({ maxSessionMs: 2 * lifetimeMs })
      await limited.clock.advance(2 * lifetimeMs - 1)
      expect(auth.getSnapshot().status).toBe('signed-in')
      await limited.clock.advance(1)
      expect(auth.getSnapshot()).toMatchObject({ status: 'signed-out', error: { code: 'session_expired' } })
    },
    mutation: replacing<typeof storeRefresh>(
      'storeRefresh',
      (original) =>
        (context, record, answer, sentAtMs, ...given) =>
          original(context, { ...record, signedInAtMs: sentAtMs }, answer, sentAtMs, ...given),
    ),
  },
  {
    id: 'S12',
    title:
      'A refresh token that was replaced is never sent again, not even where the new one could not be stored',
    source: 'RFC 9700 section 4.14.2',
    check: async (core) => {
      const scene = createScene(undefined, core)
      const tab = await scene.signIn()
      const other = scene.open()
      await other.auth.ready()
      await tab.auth.refresh()
      await settle()
      scene.server.script(tokenPath, (process) => {
        tab.storage.failCommits(true)
        return process()
      })
      await other.auth.ready()
      await tab.auth.refresh()
      await settle()
      scene.clock.jump(lifetimeMs)
      const waiting = other.auth.getAccessToken().catch(() => {})
      await scene.clock.advance(30_000)
      await waiting
      const sent = refreshTokensSent(scene)
      expect(sent.slice(0, 2)).toEqual(['refresh-2', 'refresh-3'])
      expect(new Set(sent).size).toBe(sent.length)
    },
    mutation: lyingPorts(({ lock }) => (lock ? { lock: { ...lock, names: async () => [] } } : {})),
  },
  {
    id: 'D3',
    title: 'A new refresh token takes the place of the old one; where none is sent, the old one is kept',
    source: 'OAuth 2.1 draft 16 section 4.3.2',
    check: async (core) => {
      const scene = createScene({ rotation: 'none' }, core)
      const { auth } = await scene.signIn()
      scene.server.script(tokenPath, withoutRefreshToken)
      await auth.refresh()
      await auth.refresh()
      expect(refreshTokensSent(scene)).toEqual(['refresh-2', 'refresh-2'])
      const rotating = createScene(undefined, core)
      const tab = await rotating.signIn()
      await tab.auth.refresh()
      await tab.auth.refresh()
      expect(refreshTokensSent(rotating)).toEqual(['refresh-2', 'refresh-3'])
    },
    mutation: replacing<typeof storeRefresh>(
      'storeRefresh',
      (original) =>
        (context, record, answer, ...given) => {
          const { refreshToken: _, ...rest } = record
          return original(context, answer.refreshToken ? record : rest, answer, ...given)
        },
    ),
  },
  {
    id: 'N5',
    title: 'A revocation that the server answers with 200 succeeded, also for a token that it does not know',
    source: 'RFC 7009 section 2.2',
    check: async (core) => {
      const scene = createScene({ metadata: { revocation_endpoint } }, core)
      const { auth } = await scene.signIn()
      scene.server.revokeAll()
      scene.server.script('/v2/oauth/revoke', () => new Response(null, { status: 200 }))
      expect(await auth.signOut()).toEqual({ revoked: true })
    },
    mutation: replacing<typeof revoke>('revoke', (original) => (transport, ...given) => {
      const fetch: typeof globalThis.fetch = async (...request) => {
        const response = await transport.fetch(...request)
        await response.clone().json()
        return response
      }
      return original({ ...transport, fetch }, ...given)
    }),
  },
]
