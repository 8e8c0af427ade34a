import type { Emulator } from '@telnyx-oauth/emulator'
import { decodeJwt, decodeProtectedHeader } from 'jose'
import type Telnyx from 'telnyx'
import { describe, expect, test } from 'vitest'
import { signInToEmulator } from '../../../support/emulator-sign-in.ts'
import { startEmulator } from '../../../support/start-emulator.ts'

type PhoneNumber = Telnyx.NumbersPhoneNumberDetailed
type Credential = Required<Telnyx.TelephonyCredential>

interface Page<Item> {
  readonly data: readonly Item[]
  readonly meta: Readonly<Record<string, number>>
}

const AVA = 'KEY_EMULATOR_AVA'
const NOOR = 'KEY_EMULATOR_NOOR'

function call({ url }: Emulator, path: string, token: string, method = 'GET'): Promise<Response> {
  return fetch(`${url}${path}`, { method, headers: { authorization: `Bearer ${token}` } })
}

async function list<Item>(emulator: Emulator, path: string, token = AVA): Promise<Page<Item>> {
  const response = await call(emulator, path, token)
  expect(response.status).toBe(200)
  return (await response.json()) as Page<Item>
}

async function credentialId(emulator: Emulator): Promise<string> {
  const { data } = await list<Credential>(emulator, '/v2/telephony_credentials')
  return data[0]?.id ?? ''
}

describe('phone numbers', () => {
  test('are listed in pages, each number once and the newest first', async () => {
    const emulator = await startEmulator()
    const first = await list<PhoneNumber>(emulator, '/v2/phone_numbers')
    const second = await list<PhoneNumber>(emulator, '/v2/phone_numbers?page[number]=2')
    expect(first.meta).toEqual({ page_number: 1, page_size: 20, total_pages: 2, total_results: 25 })
    const all = [...first.data, ...second.data]
    expect(new Set(all.map(({ phone_number: number }) => number)).size).toBe(25)
    expect(new Set(all.map(({ id }) => id)).size).toBe(25)
    const dates = all.map(({ created_at: at }) => at)
    expect(dates).toEqual(dates.toSorted().reverse())
    for (const number of all) {
      expect(number.phone_number).toMatch(/^\+1\d{3}55501\d\d$/)
      expect(number).toMatchObject({ record_type: 'phone_number', status: 'active', external_pin: null })
    }
  })

  test('belong to one account', async () => {
    const emulator = await startEmulator()
    const numbersOf = async (key: string): Promise<readonly string[]> =>
      (await list<PhoneNumber>(emulator, '/v2/phone_numbers?page[size]=100', key)).data.map(
        ({ phone_number: number }) => number,
      )
    const [ava, noor] = [await numbersOf(AVA), await numbersOf(NOOR)]
    expect(ava.filter((number) => noor.includes(number))).toEqual([])
  })
})

describe('telephony credentials', () => {
  test('have every member of the SDK, and the same ids after a reset', async () => {
    const emulator = await startEmulator()
    const { data } = await list<Credential>(emulator, '/v2/telephony_credentials')
    expect(data).toHaveLength(2)
    expect(data[0]).toEqual({
      id: expect.stringMatching(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-8[\da-f]{3}-[\da-f]{12}$/),
      record_type: 'credential',
      name: 'Softphone',
      resource_id: expect.stringMatching(/^connection:\d+$/),
      sip_username: expect.stringMatching(/^gencred/),
      sip_password: expect.stringMatching(/^[\da-f]{32}$/),
      user_id: emulator.accounts[0]?.id,
      expired: false,
      expires_at: expect.any(String),
      created_at: expect.any(String),
      updated_at: expect.any(String),
    } satisfies Record<keyof Credential, unknown>)
    emulator.reset()
    expect(await credentialId(emulator)).toBe(data[0]?.id)
  })

  test('give a login token as plain text: a JWT of a day, for that credential', async () => {
    const emulator = await startEmulator()
    const id = await credentialId(emulator)
    const response = await call(emulator, `/v2/telephony_credentials/${id}/token`, AVA, 'POST')
    expect(response.status).toBe(201)
    expect(response.headers.get('content-type')).toMatch(/^text\/plain\b/)
    const token = await response.text()
    expect(decodeProtectedHeader(token)).toEqual({ alg: 'HS512', typ: 'JWT' })
    const { exp = 0, iat = 0, ...claims } = decodeJwt(token)
    expect(exp - iat).toBe(24 * 3600)
    expect(claims).toMatchObject({ iss: 'telnyx_telephony', aud: 'telnyx_telephony', sub: id })
    expect((await call(emulator, '/v2/balance', token)).status).toBe(401)
  })

  test('of another account give no login token', async () => {
    const emulator = await startEmulator()
    const path = `/v2/telephony_credentials/${await credentialId(emulator)}/token`
    const response = await call(emulator, path, NOOR, 'POST')
    expect(response.status).toBe(404)
    expect(await response.json()).toMatchObject({ errors: [{ code: '10005' }] })
  })
})

describe('a piece of the Telnyx API', () => {
  test.each([
    ['GET', '/v2/phone_numbers', 'numbers.read'],
    ['GET', '/v2/telephony_credentials', 'voice.read'],
    ['POST', '/v2/telephony_credentials/:id/token', 'voice.write'],
  ])('%s %s needs the scope %s', async (method, path, scope) => {
    const emulator = await startEmulator()
    const { access_token: token } = await signInToEmulator(emulator.issuer, { scope })
    const { access_token: other } = await signInToEmulator(emulator.issuer, { scope: 'billing.read' })
    const real = path.replace(':id', await credentialId(emulator))
    const refused = await call(emulator, real, other, method)
    expect(refused.status).toBe(401)
    expect(refused.headers.get('www-authenticate')).toContain(`scope="${scope}"`)
    expect((await call(emulator, real, token, method)).ok).toBe(true)
  })

  test.each(['phone_numbers', 'telephony_credentials'])(
    '/v2/%s refuses what it would not do: another page than there can be, a filter, an order',
    async (name) => {
      const emulator = await startEmulator()
      for (const parameter of ['page[size]=0', 'filter[status]=active', 'sort=created_at']) {
        const response = await call(emulator, `/v2/${name}?${parameter}`, AVA)
        expect([parameter, response.status]).toEqual([parameter, 400])
        const [parameterName] = parameter.split('=')
        expect(await response.json()).toMatchObject({ errors: [{ source: { parameter: parameterName } }] })
      }
    },
  )

  test('is in the log, fails on demand and asks for a step-up, by its endpoint name', async () => {
    const emulator = await startEmulator()
    const id = await credentialId(emulator)
    emulator.clearRequests()
    emulator.fail('phone-numbers', { status: 503 })
    emulator.fail('telephony-credentials', { when: 'after', members: { odd: true } })
    expect((await call(emulator, '/v2/phone_numbers', AVA)).status).toBe(503)
    expect(await list(emulator, '/v2/telephony_credentials')).toMatchObject({ odd: true })
    await call(emulator, `/v2/telephony_credentials/${id}/token`, AVA, 'POST')
    expect(emulator.requests().map(({ endpoint }) => endpoint)).toEqual([
      'phone-numbers',
      'telephony-credentials',
      'telephony-credentials',
    ])
    const { access_token: token } = await signInToEmulator(emulator.issuer, { scope: 'numbers.read' })
    emulator.requireStepUp('phone-numbers', { acrValues: ['mfa'] })
    const challenged = await call(emulator, '/v2/phone_numbers', token)
    expect(challenged.headers.get('www-authenticate')).toContain('insufficient_user_authentication')
  })
})
