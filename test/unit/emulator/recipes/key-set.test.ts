import { test } from '@telnyx-oauth/emulator/vitest'
import { describe, expect } from 'vitest'

test('the key set has one key', async ({ emulator }) => {
  const response = await fetch(`${emulator.url}/v2/oauth/jwks`)
  expect(await response.json()).toMatchObject({ keys: [{ alg: 'ES256' }] })
  expect(emulator.requests({ endpoint: 'jwks' })).toHaveLength(1)
})

describe('with ID tokens signed by RS256', () => {
  test.override('emulatorOptions', { openId: { idTokenAlgorithm: 'RS256' } })

  test('the key set has two keys', async ({ emulator }) => {
    const response = await fetch(`${emulator.url}/v2/oauth/jwks`)
    expect(await response.json()).toMatchObject({ keys: [{ alg: 'ES256' }, { alg: 'RS256' }] })
  })
})
