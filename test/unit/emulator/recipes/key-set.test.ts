import { createEmulator, type Emulator } from '@telnyx-oauth/emulator'
import { test as base, expect } from 'vitest'

const test = base.extend<{ emulator: Emulator }>({
  emulator: async ({}, use) => {
    const emulator = createEmulator({ port: 0 })
    await emulator.start()
    await use(emulator)
    await emulator.stop()
  },
})

test('the key set has one key', async ({ emulator }) => {
  const response = await fetch(`${emulator.url}/v2/oauth/jwks`)
  expect(await response.json()).toMatchObject({ keys: [{ alg: 'ES256' }] })
  expect(emulator.requests({ endpoint: 'jwks' })).toHaveLength(1)
})
