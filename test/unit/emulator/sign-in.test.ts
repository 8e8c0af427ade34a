import { createEmulator, type Emulator } from '@telnyx-oauth/emulator'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { authorizeInBrowser, refreshAtEmulator, signInToEmulator } from '../../support/emulator-sign-in.ts'

let emulator: Emulator

beforeEach(async () => {
  emulator = createEmulator({ port: 0 })
  await emulator.start()
})

afterEach(() => emulator.stop())

describe('signing in', () => {
  test('a person who allows gets a code, and the code buys tokens', async () => {
    const tokens = await signInToEmulator(emulator.issuer)
    expect(tokens).toMatchObject({ token_type: 'bearer', expires_in: 1800, scope: 'billing.read' })
    expect(tokens.refresh_token).toEqual(expect.any(String))
    expect(
      emulator
        .requests({ endpoint: 'token' })
        .map(({ grant, status, clientId }) => [grant, status, clientId]),
    ).toEqual([['authorization_code', 200, 'telnyx-demo']])
  })

  test('a person who denies sends the app access_denied', async () => {
    const { callbackUrl, state } = await authorizeInBrowser(emulator.issuer, { decision: 'deny' })
    expect(callbackUrl.searchParams.get('error')).toBe('access_denied')
    expect(callbackUrl.searchParams.get('state')).toBe(state)
    expect(emulator.requests({ endpoint: 'token' })).toEqual([])
  })

  test('a refresh rotates the refresh token, and using the old one again ends the family', async () => {
    const first = await signInToEmulator(emulator.issuer)
    const second = await refreshAtEmulator(emulator.issuer, first.refresh_token ?? '')
    expect(second.refresh_token).not.toBe(first.refresh_token)
    await expect(refreshAtEmulator(emulator.issuer, first.refresh_token ?? '')).rejects.toMatchObject({
      error: 'invalid_grant',
    })
    await expect(refreshAtEmulator(emulator.issuer, second.refresh_token ?? '')).rejects.toMatchObject({
      error: 'invalid_grant',
    })
  })

  test('the token opens GET /v2/balance', async () => {
    const { access_token } = await signInToEmulator(emulator.issuer)
    const response = await fetch(`${emulator.url}/v2/balance`, {
      headers: { authorization: `Bearer ${access_token}` },
    })
    expect(await response.json()).toMatchObject({ data: { record_type: 'balance' } })
  })
})
