import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createEmulator, type EmulatorOptions } from '@telnyx-oauth/emulator'
import { describe, expect, onTestFinished, test } from 'vitest'
import { refreshAtEmulator, signInToEmulator } from '../../../support/emulator-sign-in.ts'
import { startEmulator } from '../../../support/start-emulator.ts'

function stateFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'emulator-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return join(folder, 'state.json')
}

/** Another emulator, as another process would start it: on the port of the first, which has stopped. */
async function startAgain(options: EmulatorOptions, url: string): ReturnType<typeof startEmulator> {
  return startEmulator({ ...options, port: Number(new URL(url).port) })
}

describe('a state file', () => {
  test.each(['opaque', 'jwt'] as const)(
    'keeps clients, grants and tokens between starts: %s',
    async (accessTokenFormat) => {
      const options = { stateFile: stateFile(), accessTokenFormat }
      const before = await startEmulator(options)
      const tokens = await signInToEmulator(before.issuer)
      const registered = await fetch(`${before.url}/v2/oauth/register`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          redirect_uris: ['http://localhost:5173/callback'],
          token_endpoint_auth_method: 'none',
        }),
      })
      const { client_id: clientId } = (await registered.json()) as { client_id: string }
      await before.stop()

      const after = await startAgain(options, before.url)
      expect(after.grants).toEqual(before.grants)
      const balance = await fetch(`${after.url}/v2/balance`, {
        headers: { authorization: `Bearer ${tokens.access_token}` },
      })
      expect(balance.status).toBe(200)
      await expect(refreshAtEmulator(after.issuer, tokens.refresh_token ?? '')).resolves.toHaveProperty(
        'refresh_token',
      )
      await expect(signInToEmulator(after.issuer, { clientId })).resolves.toHaveProperty('access_token')
    },
  )

  test('keeps a used refresh token used', async () => {
    const options = { stateFile: stateFile() }
    const before = await startEmulator(options)
    const { refresh_token: token = '' } = await signInToEmulator(before.issuer)
    await refreshAtEmulator(before.issuer, token)
    await before.stop()
    const after = await startAgain(options, before.url)
    await expect(refreshAtEmulator(after.issuer, token)).rejects.toMatchObject({ error: 'invalid_grant' })
  })

  test('does not double what was made up', async () => {
    const options = { stateFile: stateFile(), seed: { clients: 3, grants: 4 } }
    const before = await startEmulator(options)
    await before.stop()
    const after = await startAgain(options, before.url)
    expect([after.clients.length, after.grants.length]).toEqual([4, 4])
  })

  test.each(['not json', '{"version":99}', '[]'])('that is none is refused by name: %s', async (text) => {
    const path = stateFile()
    writeFileSync(path, text)
    const emulator = createEmulator({ port: 0, stateFile: path })
    await expect(emulator.start()).rejects.toThrow(`${path} is not a state file`)
    expect(readFileSync(path, 'utf8')).toBe(text)
  })
})
