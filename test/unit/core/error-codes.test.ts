import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { type ErrorCode, errorTable } from '../../../packages/core/src/error-table.ts'
import { isTelnyxAuthError } from '../../../packages/core/src/errors.ts'
import { signInWithPopup } from '../../../packages/core/src/popup.ts'
import { json, registerPath } from '../../support/model-server.ts'
import { createRegisteringBrowser, createRegistrar } from '../../support/registering-browser.ts'
import { createScene, lifetimeMs, type SceneTab, sessionKey } from '../../support/scene.ts'
import { answerTo } from '../../support/sign-in-tab.ts'
import { appOrigin } from '../../support/simulated-browser.ts'
import { settle } from '../../support/simulated-clock.ts'

type Scene = ReturnType<typeof createScene>

const wellKnown = '/.well-known/oauth-authorization-server'
const api = 'https://api.telnyx.com/v2/phone_numbers'

const rejection = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => undefined,
    (error: unknown) => error,
  )

const shown = ({ auth }: SceneTab): unknown => auth.getSnapshot().error

/** What the callback shows for an answer with these parameters. */
async function answered(scene: Scene, parameters: Record<string, string>): Promise<unknown> {
  const tab = scene.open()
  return shown(await scene.comeBack(tab, answerTo(await scene.leave(tab), parameters)))
}

/** How a forced refresh fails when the token endpoint answers like that. */
async function refreshed(scene: Scene, answer: () => Response | Promise<Response>): Promise<unknown> {
  const tab = await scene.signIn()
  scene.server.script('/v2/oauth/token', answer, answer, answer)
  const error = rejection(tab.auth.refresh())
  await scene.clock.advance(10_000)
  return error
}

/** What a tab shows after somebody changed the store. */
async function seen(scene: Scene, change: () => void): Promise<unknown> {
  const tab = await scene.signIn()
  change()
  tab.page.wake()
  await settle()
  return shown(tab)
}

/** How a sign-in through a window fails that the browser hands out like that. */
async function throughWindow(scene: Scene, opened: object | null): Promise<unknown> {
  for (const name of ['screenX', 'screenY', 'outerWidth', 'outerHeight']) vi.stubGlobal(name, 0)
  vi.stubGlobal('open', () => opened)
  vi.stubGlobal('document', { hasFocus: () => true })
  onTestFinished(() => void vi.unstubAllGlobals())
  return rejection(signInWithPopup(scene.open().auth))
}

/** How a registration fails that is answered like that. */
function registered(answer: object, status: number): Promise<unknown> {
  const registrar = createRegistrar()
  registrar.script(registerPath, () => json(answer, status))
  return rejection(createRegisteringBrowser(registrar.fetch).open().register())
}

/** For every code a way in which it arises. A code of the table that is missing here does not compile. */
const produce: Readonly<Record<ErrorCode, (scene: Scene) => Promise<unknown>>> = {
  insecure_context: (scene) => {
    const tab = scene.open('http://192.168.0.7/')
    tab.page.setSecure(false)
    return rejection(tab.auth.signIn())
  },
  metadata_unavailable: (scene) => {
    scene.server.script(wellKnown, () => json({}, 503))
    return rejection(scene.open().auth.signIn())
  },
  metadata_invalid: (scene) => {
    scene.server.script(wellKnown, () => json({ issuer: 'https://evil.example' }))
    return rejection(scene.open().auth.signIn())
  },
  issuer_not_allowed: (scene) => {
    const resource = 'https://api.example'
    scene.server.script('/.well-known/oauth-protected-resource', () =>
      json({ resource, authorization_servers: ['https://evil.example'] }),
    )
    return rejection(scene.open(undefined, { resource }).auth.signIn())
  },
  pkce_unsupported: () =>
    rejection(
      createScene({ metadata: { code_challenge_methods_supported: ['plain'] } })
        .open()
        .auth.signIn(),
    ),
  dpop_unsupported: (scene) => rejection(scene.open(undefined, { dpop: 'required' }).auth.signIn()),
  login_loop: async (scene) => {
    const { auth } = scene.open()
    for (let n = 0; n < 3; n++) await auth.signIn({ automatic: true })
    return rejection(auth.signIn({ automatic: true }))
  },
  step_up_loop: async (scene) => {
    let tab = await scene.signIn()
    for (let n = 0; n < 3; n++) {
      scene.server.script('/v2/phone_numbers', () =>
        json({}, 403, { 'www-authenticate': 'Bearer error="insufficient_scope", scope="voice.write"' }),
      )
      const error = await rejection(tab.auth.fetch(api))
      const stepUp = isTelnyxAuthError(error) ? { stepUp: error } : {}
      if (n === 2) return rejection(tab.auth.signIn(stepUp))
      await scene.leave(tab, stepUp)
      tab = await scene.comeBack(tab)
    }
    return undefined
  },
  popup_blocked: (scene) => throughWindow(scene, null),
  popup_closed: (scene) => {
    const opened = { closed: false, location: { replace: () => {} }, close: () => {} }
    setTimeout(() => {
      opened.closed = true
    })
    return throughWindow(scene, opened)
  },
  transaction_not_found: async (scene) => {
    const tab = scene.open(`${appOrigin}/callback?code=x&state=tx1.unknown`)
    await tab.auth.ready()
    return shown(tab)
  },
  callback_interrupted: async (scene) => {
    const tab = scene.open()
    await scene.leave(tab)
    scene.server.script('/v2/oauth/token', () => new Promise(() => {}))
    tab.page.navigate(answerTo(tab.page.href(), { code: 'x' }))
    const exchanging = scene.reload(tab)
    void exchanging.auth.ready()
    await settle()
    const reloaded = scene.reload(exchanging)
    await reloaded.auth.ready()
    return shown(reloaded)
  },
  callback_invalid: (scene) => answered(scene, {}),
  issuer_mismatch: (scene) => answered(scene, { code: 'x', iss: 'https://evil.example' }),
  access_denied: (scene) => answered(scene, { error: 'access_denied' }),
  authorization_failed: (scene) => answered(scene, { error: 'invalid_scope' }),
  network_error: (scene) => refreshed(scene, () => Promise.reject(new TypeError('Failed to fetch'))),
  server_unavailable: (scene) => refreshed(scene, () => json({}, 503)),
  response_invalid: (scene) => refreshed(scene, () => new Response('<html>')),
  request_rejected: (scene) => refreshed(scene, () => json({ error: 'invalid_client' }, 401)),
  invalid_grant: (scene) => refreshed(scene, () => json({ error: 'invalid_grant' }, 400)),
  refresh_rejected: (scene) => refreshed(scene, () => json({ errors: [{ code: '10009' }] }, 401)),
  refresh_response_lost: async (scene) => {
    const tab = await scene.signIn()
    scene.server.script('/v2/oauth/token', (process) => {
      process()
      return Promise.reject(new TypeError('Failed to fetch'))
    })
    const error = rejection(tab.auth.refresh())
    await scene.clock.advance(5000)
    return error
  },
  refresh_pending: (scene) => refreshed(scene, () => new Promise(() => {})),
  signed_out: (scene) => rejection(scene.open().auth.getAccessToken()),
  session_expired: async () => {
    const scene = createScene({ withoutRefreshToken: true })
    const tab = await scene.signIn()
    scene.clock.jump(lifetimeMs)
    return rejection(tab.auth.getAccessToken())
  },
  session_replaced: async (scene) => {
    const tab = await scene.signIn()
    scene.server.script('/v2/oauth/token', () => new Promise(() => {}))
    scene.clock.jump(lifetimeMs)
    const error = rejection(tab.auth.getAccessToken())
    await settle()
    await scene.signIn()
    await scene.clock.advance(10_000)
    return error
  },
  storage_cleared: (scene) => seen(scene, () => scene.records.clear()),
  storage_failed: async (scene) => {
    const tab = scene.open()
    tab.storage.before(() => Promise.reject(new Error('connection lost')))
    await tab.auth.ready()
    return shown(tab)
  },
  newer_version: (scene) => seen(scene, () => scene.records.set(sessionKey, { v: 2 })),
  resource_not_allowed: async (scene) => rejection((await scene.signIn()).auth.fetch('https://evil.example')),
  request_not_allowed: async (scene) =>
    rejection((await scene.signIn()).auth.fetch(api, { mode: 'no-cors' })),
  unexpected_redirect: async (scene) => {
    scene.server.script(
      '/v2/phone_numbers',
      () => new Response(null, { status: 302, headers: { location: '/' } }),
    )
    return rejection((await scene.signIn()).auth.fetch(api))
  },
  insufficient_scope: async (scene) => {
    const challenge = { 'www-authenticate': 'Bearer error="insufficient_scope", scope="voice.write"' }
    scene.server.script('/v2/phone_numbers', () => json({}, 401, challenge))
    return rejection((await scene.signIn()).auth.fetch(api))
  },
  insufficient_user_authentication: async (scene) => {
    const challenge = { 'www-authenticate': 'Bearer error="insufficient_user_authentication", max_age="60"' }
    scene.server.script('/v2/phone_numbers', () => json({}, 401, challenge))
    return rejection((await scene.signIn()).auth.fetch(api))
  },
  registration_refused: () => registered({ error: 'invalid_redirect_uri' }, 400),
  registration_unusable: () => registered({ client_id: 'x', client_secret: 'y' }, 201),
}

describe('every code of the table', () => {
  test('has a way in which it arises, and every way a code', () => {
    expect(Object.keys(produce).sort()).toEqual(Object.keys(errorTable).sort())
  })

  test.each(Object.keys(errorTable) as ErrorCode[])(
    '%s arises, with its phase, whether to try again, and a message that begins with the code',
    async (code) => {
      const error = await produce[code](createScene())
      if (!isTelnyxAuthError(error)) throw new TypeError(`${code} did not arise, but ${String(error)}`)
      const [phase, retryable] = errorTable[code]
      expect(error).toMatchObject({ name: 'TelnyxAuthError', code, phase, retryable: retryable === 1 })
      expect(error.message).toBe(error.subject ? `${code}: ${error.subject}` : code)
    },
  )
})
