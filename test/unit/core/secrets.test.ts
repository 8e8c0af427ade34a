import { describe, expect, test } from 'vitest'
import type { TelnyxAuthOptions } from '../../../packages/core/src/options.ts'
import type { ChannelMessage } from '../../../packages/core/src/ports/channel.ts'
import { leaksAmongOverheard, spell } from '../../support/leaks-among-overheard.ts'
import { json, type Script } from '../../support/model-server.ts'
import { keepSecret, overhear } from '../../support/overheard.ts'
import { createScene, transactionsKey } from '../../support/scene.ts'
import { callbackUrl } from '../../support/sign-in-tab.ts'
import { settle } from '../../support/simulated-clock.ts'

const secretOf = (kind: string): string => `SENTINEL-${kind}-0123456789`
const access = secretOf('access')
const refresh = secretOf('refresh')
const next = secretOf('next')
const code = secretOf('code')
const tokens = { access_token: access, refresh_token: refresh, token_type: 'Bearer', expires_in: 1800 }

/** Whatever is told to anybody while `run` goes on. */
async function overheard(run: (server: ReturnType<typeof createScene>, told: unknown[]) => Promise<void>) {
  const scene = createScene()
  const told: unknown[] = []
  await run(scene, told)
  const transactions = JSON.stringify(scene.records.get(transactionsKey) ?? {})
  return { text: told.map(spell).join('\n'), verifier: /"verifier":"([^"]+)"/.exec(transactions)?.[1] }
}

/** Answers that a careless server or proxy gives: what it was sent stands in all of them. */
const echoes: readonly (readonly [string, Script])[] = [
  ['an OAuth error', () => json({ error: 'invalid_request', error_description: 'ECHO' }, 400)],
  ['an OAuth error with an unknown code', () => json({ error: 'ECHO' }, 400)],
  ['invalid_grant', () => json({ error: 'invalid_grant', error_description: 'ECHO' }, 400)],
  ['HTML', () => new Response('<h1>ECHO</h1>', { status: 502 })],
  [
    'truncated JSON',
    () => new Response('{"access_token":"ECHO', { headers: { 'content-type': 'application/json' } }),
  ],
  ['wrong types', () => json({ ...tokens, access_token: ['ECHO'] })],
  ['a token that no header can carry', () => json({ ...tokens, access_token: 'ECHO\n' })],
  ['an unknown token type', () => json({ ...tokens, access_token: 'ECHO', token_type: 'ECHO' })],
  [
    'a challenge',
    () => json({}, 401, { 'www-authenticate': 'Bearer error="invalid_token", error_description="ECHO"' }),
  ],
  ['a failing fetch that quotes its body', () => Promise.reject(new TypeError('could not send ECHO'))],
  ['a failing proxy', () => Promise.reject(Object.assign(new Error('ECHO'), { cause: { body: 'ECHO' } }))],
]

/** A transport that puts what was sent, and what would have been answered, into the answers of `script`. */
function echoing(
  fetch: typeof globalThis.fetch,
  script: Script,
  secrets: () => string,
): typeof globalThis.fetch {
  return async (input, init) => {
    if (!String(input).endsWith('/token')) return fetch(input, init)
    const echo = (text: string) => text.replaceAll('ECHO', secrets())
    try {
      const response = await script(() => json(tokens))
      const headers = [...response.headers].map(([name, value]): [string, string] => [name, echo(value)])
      return new Response(echo(await response.text()), { status: response.status, headers })
    } catch (error) {
      if (error instanceof Error) error.message = echo(error.message)
      throw error
    }
  }
}

describe('no error, event or message holds a secret', () => {
  test.each(echoes)('when the exchange of a code is answered with %s', async (_title, script) => {
    let sent = ''
    let verifier = ''
    const { text } = await overheard(async (scene, told) => {
      const fetch = echoing(scene.server.fetch, script, () => sent)
      const tab = scene.open(undefined, { fetch })
      await scene.leave(tab)
      const stored = JSON.stringify(scene.records.get(transactionsKey))
      verifier = /"verifier":"([^"]+)"/.exec(stored)?.[1] ?? ''
      sent = `${code} ${verifier}`
      const url = new URL(callbackUrl(scene.server, tab.page.href()))
      url.searchParams.set('code', code)
      const back = await scene.comeBack(tab, url.href)
      told.push(back.auth.getSnapshot().error, back.events, tab.events)
      expect(back.auth.getSnapshot().status).toBe('signed-out')
      await back.auth.getAccessToken().catch((error: unknown) => told.push(error))
    })
    expect(verifier).toHaveLength(43)
    expect(text).not.toContain(code)
    expect(text).not.toContain(verifier)
    expect(text).not.toContain('SENTINEL')
  })

  test.each(echoes)('when a refresh is answered with %s', async (_title, script) => {
    const messages: ChannelMessage[] = []
    const channel = {
      post: (message: ChannelMessage) => void messages.push(message),
      listen: () => {},
      close: () => {},
    }
    const { text } = await overheard(async (scene, told) => {
      scene.server.script('/v2/oauth/token', () => json(tokens))
      let broken: typeof globalThis.fetch | undefined
      const options: Partial<TelnyxAuthOptions> = {
        fetch: (input, init) => (broken ?? scene.server.fetch)(input, init),
      }
      const tab = await scene.signIn(options, { channel })
      broken = echoing(scene.server.fetch, script, () => refresh)
      const refreshed = tab.auth.refresh().catch((error: unknown) => told.push(error))
      await scene.clock.advance(5000)
      await refreshed
      told.push(tab.auth.getSnapshot().error, tab.events, messages)
      await tab.auth.fetch('https://evil.example').catch((error: unknown) => told.push(error))
    })
    expect(text).toContain('refresh-started')
    expect(text).not.toContain('SENTINEL')
  })

  test.each(echoes)(
    'when a token for another resource, and what that demands, are answered with %s',
    async (_title, script) => {
      const resource = ['https://api.telnyx.com', 'https://api.telnyx.com/v2/mcp'] as const
      const { text } = await overheard(async (scene, told) => {
        scene.server.script('/v2/oauth/token', ...Array(2).fill(() => json(tokens)))
        let broken: typeof globalThis.fetch | undefined
        const tab = await scene.signIn({
          issuer: scene.server.issuer,
          resource,
          fetch: (input, init) => (broken ?? scene.server.fetch)(input, init),
        })
        const tell = (error: unknown) => void told.push(error)
        const demand = `Bearer error="insufficient_scope", scope="${access} x", error_description="${access}", acr_values="${access}"`
        scene.server.script('/v2/mcp', () => json({}, 403, { 'www-authenticate': demand }))
        await tab.auth.fetch(resource[1]).catch(tell)
        broken = echoing(scene.server.fetch, script, () => refresh)
        const asked = tab.auth.getAccessToken({ resource: resource[1], scope: 'x' }).catch(tell)
        await scene.clock.advance(5000)
        await asked
        told.push(tab.auth.getSnapshot().error, tab.events)
      })
      expect(text).toContain('insufficient_scope')
      expect(text).toContain('refresh-started')
      expect(text).not.toContain('SENTINEL')
    },
  )

  test('in the whole life of a session that works', async () => {
    const messages: ChannelMessage[] = []
    const channel = {
      post: (message: ChannelMessage) => void messages.push(message),
      listen: () => {},
      close: () => {},
    }
    const { text } = await overheard(async (scene, told) => {
      scene.server.script(
        '/v2/oauth/token',
        () => json(tokens),
        () => json({ ...tokens, access_token: next }),
      )
      const tab = await scene.signIn(undefined, { channel })
      await tab.auth.refresh()
      expect(await tab.auth.getAccessToken()).toBe(next)
      await tab.auth.signOut()
      await settle()
      told.push(tab.events, messages)
    })
    expect(text).toContain('token-renewed')
    expect(text).not.toContain('SENTINEL')
  })
})

// Every other test of this suite ends with this search: it must find what it looks for.
test.each([
  ['an event', { type: 'refresh-failed', code: access }],
  ['an error', new Error(`failed with ${access}`)],
  ['the cause of a cause', new Error('a', { cause: new Error('b', { cause: { body: `"${access}"` } }) })],
  ['a hidden member', Object.defineProperty({}, 'token', { value: access, enumerable: false })],
])('the search after each test finds a token in %s', (_title, told) => {
  keepSecret(access)
  overhear({ type: 'signed-in' })
  overhear(told)
  expect(leaksAmongOverheard()).toHaveLength(1)
  expect(leaksAmongOverheard()).toEqual([])
})
