import { describe, expect, test } from 'vitest'
import type { SignInOptions } from '../../../../packages/core/src/telnyx-auth.ts'
import { createScene } from '../../../support/scene.ts'
import { appOrigin } from '../../../support/simulated-browser.ts'

const parametersOf = (url: string) => Object.fromEntries(new URL(url).searchParams)

describe('further parameters of the authorization request', () => {
  test.each([
    'response_type',
    'response_mode',
    'client_id',
    'redirect_uri',
    'scope',
    'state',
    'resource',
    'code_challenge',
    'code_challenge_method',
    'dpop_jkt',
    'request',
    'request_uri',
  ])('a sign-in with the parameter %s of the protocol is a TypeError, and the page stays', async (name) => {
    const scene = createScene()
    const tab = scene.open()
    const rule = `must not have the parameter "${name}": it belongs to the protocol`
    await expect(tab.auth.signIn({ parameters: { [name]: 'token' } })).rejects.toThrow(
      new TypeError(`signIn: "parameters" ${rule}`),
    )
    const other = scene.open(undefined, { authorizationParameters: { [name]: 'token' } })
    await expect(other.auth.signIn()).rejects.toThrow(
      new TypeError(`createTelnyxAuth: "authorizationParameters" ${rule}`),
    )
    for (const { page } of [tab, other]) expect(page.href()).toBe(`${appOrigin}/`)
  })

  test.each([
    [{ audience: 1 }, 'must have texts only; "audience" is number'],
    [{ audience: null }, 'must have texts only; "audience" is null'],
    ['audience', 'must be an object; got string'],
  ])('a sign-in with the parameters %j is a TypeError', async (parameters, rule) => {
    const tab = createScene().open()
    const signedIn = tab.auth.signIn({ parameters } as unknown as SignInOptions)
    await expect(signedIn).rejects.toThrow(new TypeError(`signIn: "parameters" ${rule}`))
  })

  test('every sign-in has the parameters of the client, and those of the sign-in before them', async () => {
    const scene = createScene()
    const authorizationParameters = { audience: 'https://a.example', ui_locales: 'de' }
    const tab = scene.open(undefined, { authorizationParameters })
    expect(parametersOf(await scene.leave(tab))).toMatchObject(authorizationParameters)
    const url = await scene.leave(tab, { parameters: { ui_locales: 'en' }, loginHint: 'ada' })
    expect(parametersOf(url)).toMatchObject({
      audience: 'https://a.example',
      ui_locales: 'en',
      login_hint: 'ada',
    })
  })

  test('parameters that have an option of their own are sent where that option is not given', async () => {
    const scene = createScene()
    const parameters = { prompt: 'login', login_hint: 'ada@example.com' }
    const url = await scene.leave(scene.open(), { parameters })
    expect(parametersOf(url)).toMatchObject(parameters)
    const both = await scene.leave(scene.open(), { parameters, prompt: 'consent' })
    expect(parametersOf(both).prompt).toBe('consent')
  })
})
