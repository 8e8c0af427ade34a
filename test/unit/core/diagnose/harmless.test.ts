import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import { json } from '../../../support/model-server.ts'
import { appOrigin } from '../../../support/simulated-browser.ts'
import { type Circumstances, diagnosed, failToFetch, hiding, type Wire } from './support/diagnosis.ts'

const access = 'SENTINEL-access-0123456789'
const refresh = 'SENTINEL-refresh-0123456789'
const tokens = { access_token: access, refresh_token: refresh, token_type: 'Bearer', expires_in: 1800 }
const metadata = { revocation_endpoint: 'https://api.telnyx.com/v2/oauth/revoke' }
const par = { pushed_authorization_request_endpoint: 'https://api.telnyx.com/v2/oauth/par' }

/** The metadata of a server that takes pushed requests since the person signed in. */
const withPar =
  (url: string, pass: () => Promise<Response>): (() => Promise<Response>) =>
  async () => {
    const response = await pass()
    return url.endsWith('/oauth-authorization-server')
      ? json({ ...(await response.json()), ...par })
      : response
  }

/** Everything a log could make of it. */
const spell = (value: unknown): string =>
  `${JSON.stringify(value)} ${inspect(value, { depth: null, showHidden: true })}`

/** Diagnoses a session with tokens that are easily found. @returns what was found, and all that was sent */
async function overheard(wire: Wire, more: Pick<Circumstances, 'isTimeless' | 'server'> = {}) {
  const sent: string[] = []
  const { findings, scene } = await diagnosed({
    isSignedIn: true,
    server: { metadata },
    ...more,
    prepare: ({ server }) => server.script('/v2/oauth/token', () => json(tokens)),
    wire: (request, pass) => {
      const { url, init } = request
      sent.push(`${init.method ?? 'GET'} ${url} ${init.body ?? ''} ${spell([...new Headers(init.headers)])}`)
      return wire(request, withPar(url, pass))
    },
  })
  expect(spell(scene.record())).toContain(access)
  return { findings, sent }
}

/** The public key in a proof. */
const keyOf = (proof: string): string =>
  String(JSON.parse(Buffer.from(proof.split('.')[0] ?? '', 'base64url').toString()).jwk.x)

/** What a careless server would answer: all that it knows. */
const echo = `${access} ${refresh}`
const wires: readonly (readonly [string, Wire])[] = [
  ['servers that work', (_, pass) => pass()],
  ['servers that are not there', failToFetch],
  ['servers that hide', hiding(() => true)],
  ['servers that hang', () => new Promise(() => {})],
  [
    'servers that echo in errors',
    async () => json({ error: 'invalid_client', error_description: echo }, 401),
  ],
  [
    'servers that echo in challenges',
    async () => json({}, 401, { 'www-authenticate': `Bearer error_description="${echo}"` }),
  ],
  ['servers that echo in HTML', async () => new Response(`<h1>${echo}</h1>`, { status: 404 })],
  ['servers that hand tokens out', async () => json(tokens)],
  [
    'servers that redirect',
    async () => new Response(null, { status: 302, headers: { location: `/?${echo}` } }),
  ],
  ['a fetch that quotes', () => Promise.reject(new TypeError(`could not send ${echo}`))],
]

describe('a diagnosis sends no token and tells none', () => {
  test.each(wires)('with %s', async (_title, wire) => {
    const { findings, sent } = await overheard(wire)
    expect(findings.length).toBeGreaterThan(15)
    expect(spell(findings)).not.toContain('SENTINEL')
    expect(sent.length).toBeGreaterThan(1)
    expect(sent.join('\n')).not.toContain('SENTINEL')
  })
})

test('a diagnosis signs with a key of its own, not with that of the session', async () => {
  const answers: Wire = (_, pass) => pass()
  const { findings, sent } = await overheard(answers, { isTimeless: true, server: { metadata, dpop: true } })
  const proofs = sent.flatMap((request) => /\["dpop","([^"]+)"\]/.exec(request)?.[1] ?? [])
  expect(proofs.length).toBeGreaterThanOrEqual(2)
  expect(new Set(proofs.map(keyOf)).size).toBe(1)
  expect(spell(findings)).not.toContain('SENTINEL')
  expect(sent.join('\n')).not.toContain('SENTINEL')
})

describe('a diagnosis leaves the session alone', () => {
  test('refreshes nothing, revokes nothing, and tells no tab', async () => {
    let before = 0
    const { scene, tab } = await diagnosed({
      isSignedIn: true,
      server: { metadata },
      wire: ({ url }, pass) => withPar(url, pass)(),
      arrange: ({ server }) => {
        before = server.requests.length
      },
    })
    const posts = scene.server.requests.slice(before).filter(({ method }) => method === 'POST')
    const madeUp = ['code', 'token', 'state']
    expect(
      Object.fromEntries(
        posts.map(({ path, parameters }) => [path, madeUp.map((name) => parameters.get(name)).join('')]),
      ),
    ).toEqual({
      '/v2/oauth/token': 'telnyx-oauth-diagnosis',
      '/v2/oauth/revoke': 'telnyx-oauth-diagnosis',
      '/v2/oauth/par': 'telnyx-oauth-diagnosis',
    })
    expect(posts).toHaveLength(3)
    expect(posts.every(({ parameters }) => !parameters.has('refresh_token'))).toBe(true)
    expect(tab.events.map(({ type }) => type)).toEqual(['signed-in'])
    const token = await tab.auth.getAccessToken()
    expect(scene.server.accepts(token)).toBe(true)
  })

  test('does not start a client that has not begun', async () => {
    const { scene, tab } = await diagnosed()
    expect(tab.auth.getSnapshot()).toEqual({ status: 'pending' })
    expect([...scene.records.keys()]).toEqual(['diagnosis'])
    expect(scene.clock.timers()).toEqual([])
  })

  test('does not exchange the code in the URL of the page, nor send it anywhere', async () => {
    const urls: string[] = []
    const { scene } = await diagnosed({
      url: `${appOrigin}/callback?code=SENTINEL&state=tx1.SENTINEL`,
      wire: ({ url }, pass) => {
        urls.push(url)
        return pass()
      },
    })
    expect(urls).toContain(`${appOrigin}/`)
    expect(spell([urls, scene.server.requests])).not.toContain('SENTINEL')
  })

  test('hands out findings that nobody can change', async () => {
    const { findings } = await diagnosed()
    expect(Object.isFrozen(findings)).toBe(true)
    expect(findings.every(Object.isFrozen)).toBe(true)
  })
})

test('every finding is a plain sentence, and every problem has a remedy', async () => {
  const everything = await Promise.all(wires.map(([, wire]) => overheard(wire)))
  for (const { sentence, remedy, result } of everything.flatMap(({ findings }) => findings)) {
    expect(sentence).toMatch(/^[a-zA-Z].*\.$/)
    if (remedy !== undefined) expect(remedy).toMatch(/^[a-zA-Z].*[.)]$/)
    if (result === 'problem') expect(remedy).toBeDefined()
  }
})
