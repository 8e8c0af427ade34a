import { describe, expect, test } from 'vitest'
import { isTelnyxAuthError, TelnyxAuthError } from '../../../../packages/core/src/errors.ts'
import type { TelnyxAuthOptions } from '../../../../packages/core/src/options.ts'
import type { SignInOptions } from '../../../../packages/core/src/telnyx-auth.ts'
import { json } from '../../../support/model-server.ts'
import { createScene, type Scene, type SceneTab } from '../../../support/scene.ts'

const api = 'https://api.telnyx.com/v2/phone_numbers'
const issuer = 'https://api.telnyx.com'
const mcp = `${issuer}/v2/mcp`
const needsScope = 'Bearer error="insufficient_scope", scope="voice.write"'
const needsSignIn = 'Bearer error="insufficient_user_authentication", acr_values="gold silver", max_age="60"'

/** What `fetch` rejects with when the resource answers with this challenge. */
async function demandOf(
  { server }: Scene,
  { auth }: SceneTab,
  challenge = needsScope,
): Promise<TelnyxAuthError> {
  server.script('/v2/phone_numbers', () => json({}, 401, { 'www-authenticate': challenge }))
  const error: unknown = await auth.fetch(api).catch((reason: unknown) => reason)
  if (isTelnyxAuthError(error)) return error
  throw new TypeError(`no demand, but ${String(error)}`)
}

async function signedIn(options?: Partial<TelnyxAuthOptions>) {
  const scene = createScene()
  return { scene, tab: await scene.signIn(options) }
}

/** The parameters with which the page leaves. */
async function asked(scene: Scene, tab: SceneTab, options: SignInOptions): Promise<URLSearchParams> {
  return new URL(await scene.leave(tab, options)).searchParams
}

/** Steps up for what the resource demands, and comes back. */
async function stepUp(scene: Scene, tab: SceneTab, challenge?: string): Promise<SceneTab> {
  await scene.leave(tab, { stepUp: await demandOf(scene, tab, challenge) })
  return scene.comeBack(tab)
}

describe('a step-up', () => {
  test('asks for what the session has and for the scope that is missing', async () => {
    const { scene, tab } = await signedIn()
    const parameters = await asked(scene, tab, { stepUp: await demandOf(scene, tab) })
    expect(parameters.get('scope')).toBe('messaging.read billing.read voice.write')
    for (const name of ['acr_values', 'max_age', 'prompt']) expect(parameters.has(name)).toBe(false)
  })

  test('asks for the sign-in that the resource wants', async () => {
    const { scene, tab } = await signedIn()
    const parameters = await asked(scene, tab, { stepUp: await demandOf(scene, tab, needsSignIn) })
    expect(Object.fromEntries(parameters)).toMatchObject({
      scope: 'messaging.read billing.read',
      acr_values: 'gold silver',
      max_age: '60',
    })
    expect(parameters.has('prompt')).toBe(false)
  })

  test('lets nobody pass unasked where the resource does not say which sign-in it wants', async () => {
    const { scene, tab } = await signedIn()
    const stepUp = await demandOf(scene, tab, 'Bearer error="insufficient_user_authentication"')
    expect((await asked(scene, tab, { stepUp })).get('prompt')).toBe('login')
    expect((await asked(scene, tab, { stepUp, prompt: 'consent' })).get('prompt')).toBe('consent')
  })

  test('keeps what an earlier one got: a scope of another resource is in no token of the session', async () => {
    const { scene, tab } = await signedIn()
    const next = await stepUp(scene, tab)
    scene.patchRecord({ token: { ...(scene.record().token as object), scopes: ['billing.read'] } })
    const other = scene.open()
    await other.auth.ready()
    const parameters = await asked(scene, other, { stepUp: await demandOf(scene, other, needsSignIn) })
    expect(parameters.get('scope')).toBe('messaging.read billing.read voice.write')
    expect(next.auth.getSnapshot()).toMatchObject({ status: 'signed-in' })
  })

  test('names the resources of the session, and the one that is missing', async () => {
    const scene = createScene()
    const first = scene.open(undefined, { issuer, resource: [issuer, mcp, `${mcp}/2`] })
    await scene.leave(first, { resource: [issuer, mcp] })
    const tab = await scene.comeBack(first)
    const error: unknown = await tab.auth.getAccessToken({ resource: `${mcp}/2` }).catch((reason) => reason)
    const parameters = await asked(scene, tab, { stepUp: error as TelnyxAuthError })
    expect(parameters.getAll('resource')).toEqual([issuer, mcp, `${mcp}/2`])
    const back = await scene.comeBack(tab)
    expect(await back.auth.getAccessToken({ resource: `${mcp}/2` })).toMatch(/^access-/)
  })

  test('may be for other scopes, and with parameters of the app', async () => {
    const { scene, tab } = await signedIn()
    const options = {
      stepUp: await demandOf(scene, tab),
      scope: 'fax.read',
      parameters: { ui_locales: 'de', max_age: '9' },
    }
    expect(Object.fromEntries(await asked(scene, tab, options))).toMatchObject({
      scope: 'fax.read voice.write',
      ui_locales: 'de',
      max_age: '9',
    })
  })

  test('ends in a session with which the call succeeds', async () => {
    const { scene, tab } = await signedIn()
    const next = await stepUp(scene, tab)
    expect((await next.auth.fetch(api)).status).toBe(200)
    expect(next.auth.getSnapshot()).toMatchObject({
      token: { scopes: ['messaging.read', 'billing.read', 'voice.write'] },
    })
  })

  test.each<[string, unknown]>([
    ['a text', 'insufficient_scope'],
    ['null', null],
    ['an error without a demand', new TelnyxAuthError('signed_out')],
    ['another error', new Error('insufficient_scope')],
    ['something that looks like a demand', { missing: { scopes: ['voice.write'] } }],
    [
      'a demand that was tampered with',
      new TelnyxAuthError('insufficient_scope', { missing: { scopes: ['a b'] } }),
    ],
    [
      'scopes that are a text',
      new TelnyxAuthError('insufficient_scope', { missing: { scopes: 'a' as never } }),
    ],
    ['a negative age', new TelnyxAuthError('insufficient_scope', { missing: { maxAgeSeconds: -1 } })],
    ['a resource that is no URL', new TelnyxAuthError('insufficient_scope', { missing: { resource: 'x' } })],
  ])('for %s is a TypeError, and nobody leaves', async (_title, value) => {
    const { scene, tab } = await signedIn()
    const sent = scene.server.requests.length
    const error: unknown = await tab.auth
      .signIn({ stepUp: value as TelnyxAuthError })
      .catch((reason) => reason)
    expect(error).toBeInstanceOf(TypeError)
    expect(String(error)).toMatch(/signIn: "(stepUp|resource)" must be an? /)
    expect(scene.server.requests).toHaveLength(sent)
  })

  test('takes an error of another copy of the library', async () => {
    const { scene, tab } = await signedIn()
    const foreign = Object.assign(new Error('x'), {
      name: 'TelnyxAuthError',
      code: 'insufficient_scope',
      missing: { scopes: ['voice.write'] },
    })
    const parameters = await asked(scene, tab, { stepUp: foreign as unknown as TelnyxAuthError })
    expect(parameters.get('scope')).toContain('voice.write')
  })
})

describe('a loop of step-ups', () => {
  /** How often in a row one can step up for the same demand, of five times. */
  async function count(challenge: string, pauseMs: number): Promise<number> {
    const scene = createScene()
    let tab = await scene.signIn()
    for (let n = 0; n < 5; n++) {
      const error = await demandOf(scene, tab, challenge)
      const code = await tab.auth.signIn({ stepUp: error }).catch((reason: TelnyxAuthError) => reason.code)
      if (code === 'step_up_loop') return n
      tab = await scene.comeBack(tab)
      scene.clock.jump(pauseMs)
    }
    return 5
  }

  test.each([
    ['the scope', needsScope, 200_000, 2],
    ['the scope, seldom', needsScope, 600_000, 5],
    ['a strong sign-in', 'Bearer error="insufficient_user_authentication", acr_values="gold"', 200_000, 2],
    ['a sign-in of the last minute, at once', needsSignIn, 1000, 2],
    ['a sign-in of the last minute, each minute', needsSignIn, 61_000, 5],
    [
      'a sign-in of this second, at once',
      'Bearer error="insufficient_user_authentication", max_age="0"',
      1000,
      2,
    ],
  ])('for %s', async (_title, challenge, pauseMs, times) => {
    expect(await count(challenge, pauseMs)).toBe(times)
  })

  test('is none where the person did not finish: they may try as often as they like', async () => {
    const { scene, tab } = await signedIn()
    const stepUp = await demandOf(scene, tab)
    for (let n = 0; n < 5; n++) await scene.leave(tab, { stepUp })
  })

  test('is none where another demand comes each time', async () => {
    const { scene, tab } = await signedIn()
    let current = tab
    for (let n = 0; n < 4; n++) {
      current = await stepUp(scene, current, `Bearer error="insufficient_scope", scope="scope-${n}"`)
    }
    expect(current.auth.getSnapshot()).toMatchObject({ status: 'signed-in' })
  })

  test('leaves the session as it is, and says so', async () => {
    const { scene, tab } = await signedIn()
    const second = await stepUp(scene, await stepUp(scene, tab))
    const before = second.auth.getSnapshot()
    const error = await demandOf(scene, second)
    await expect(second.auth.signIn({ stepUp: error })).rejects.toMatchObject({
      code: 'step_up_loop',
      phase: 'sign-in',
      retryable: false,
    })
    expect(second.auth.getSnapshot()).toBe(before)
    await scene.leave(second)
  })

  test.each(['', 'text', '7', '[1, null]', '{"atMs": 1}'])(
    'is not seen in notes that are garbage: %j',
    async (note) => {
      const { scene, tab } = await signedIn()
      const key = `${JSON.stringify([issuer, 'telnyx-demo', ''])} step-ups`
      tab.page.remember(key, note)
      await scene.leave(tab, { stepUp: await demandOf(scene, tab) })
    },
  )
})
