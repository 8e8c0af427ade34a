import { createEmulator, type Emulator } from '@telnyx-oauth/emulator'

import { describe, expect, test } from 'vitest'
import { OPTION_NAMES } from '../../../../packages/emulator/src/options/option-rules.ts'
import { fc } from '../../../support/fast-check.ts'
import { startEmulator } from '../../../support/start-emulator.ts'

const MEMBERS = [
  'endpoint',
  'status',
  'when',
  'times',
  'grant',
  'clientId',
  'redirectUris',
  'members',
  '__proto__',
]
const fields = (...names: string[]): fc.Arbitrary<object> =>
  fc.dictionary(fc.constantFrom(...names), fc.oneof(fc.jsonValue(), fc.constantFrom('jwks', 'after', 503, 1)))

/** Calls, and lets a TypeError with a sentence pass. */
function attempt(call: () => unknown): void {
  try {
    call()
  } catch (error) {
    expect(error).toBeInstanceOf(TypeError)
    expect(String(error)).toMatch(
      /^TypeError: \w+: .*(must|does not exist|is required|changes|give|belongs|only)/,
    )
  }
}

describe('random input is taken or refused in a sentence', () => {
  test('as options', () => {
    fc.assert(fc.property(fields(...OPTION_NAMES), (options) => attempt(() => createEmulator(options))))
  })

  test.each<[string, (emulator: Emulator, body: never) => unknown]>([
    ['fail', ({ fail }, { endpoint, ...fault }: { endpoint: 'jwks' }) => fail(endpoint, fault)],
    ['hold', ({ hold }, { endpoint, ...options }: { endpoint: 'jwks' }) => hold(endpoint, options)],
    ['addClient', ({ addClient }, body) => addClient(body)],
    ['requests', ({ requests }, body) => requests(body)],
  ])('by %s', (_name, call) => {
    const emulator = createEmulator()
    fc.assert(fc.property(fields(...MEMBERS), (body) => attempt(() => call(emulator, body as never))))
  })

  test('over HTTP, by controls and registration, and never with a 500', async () => {
    const { url } = await startEmulator({ rateLimits: false })
    const paths = fc.constantFrom(
      '__emulator/fail',
      '__emulator/clients',
      '__emulator/expire',
      'v2/oauth/register',
    )
    const body = fc.oneof(fields(...MEMBERS), fc.jsonValue()).map((value) => JSON.stringify(value))
    await fc.assert(
      fc.asyncProperty(paths, fc.oneof(body, fc.string()), async (path, text) => {
        const headers = { 'content-type': 'application/json' }
        const { status } = await fetch(`${url}/${path}`, { method: 'POST', headers, body: text })
        expect([200, 201, 400]).toContain(status)
      }),
    )
  })
})
