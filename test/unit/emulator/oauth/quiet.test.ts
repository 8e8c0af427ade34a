import { describe, expect, test, vi } from 'vitest'
import { refreshAtEmulator, signInToEmulator } from '../../../support/emulator-sign-in.ts'
import { startEmulator } from '../../../support/start-emulator.ts'

/** Everything written to the console and to both streams. This file has a process of its own, so the import counts too. */
function listenToOutput(): { readonly lines: readonly string[]; stop(): void } {
  const lines: string[] = []
  const { console: terminal } = globalThis
  const levels = ['log', 'info', 'warn', 'error'] as const
  const real = levels.map((level) => terminal[level])
  const writes = [process.stdout, process.stderr].map((stream) => ({ stream, write: stream.write }))
  for (const level of levels) terminal[level] = (...words: unknown[]) => lines.push(words.join(' '))
  for (const { stream } of writes) stream.write = (text) => lines.push(String(text)) > 0
  return {
    lines,
    stop() {
      for (const [index, level] of levels.entries()) terminal[level] = real[index] ?? terminal[level]
      for (const { stream, write } of writes) stream.write = write
    },
  }
}

describe('an emulator', () => {
  test('writes nothing, from the first import to a refused refresh with every option on', async () => {
    const output = listenToOutput()
    try {
      const emulator = await startEmulator({
        dpop: true,
        par: true,
        revocation: true,
        accessTokenFormat: 'jwt',
        rememberSignIn: true,
      })
      const { refresh_token: token = '' } = await signInToEmulator(emulator.issuer)
      await refreshAtEmulator(emulator.issuer, token)
      await refreshAtEmulator(emulator.issuer, token).catch(() => undefined)
      await fetch(`${emulator.url}/v2/oauth/revoke`, {
        method: 'POST',
        body: new URLSearchParams({ token, client_id: 'telnyx-demo' }),
      })
      emulator.fail('token', { drop: true })
      await fetch(`${emulator.url}/v2/oauth/token`, { method: 'POST' }).catch(() => undefined)
      await emulator.stop()
    } finally {
      output.stop()
    }
    expect(output.lines).toEqual([])
  })

  test('leaves what others write to the console alone', async () => {
    vi.resetModules()
    const output = listenToOutput()
    const { console: terminal } = globalThis
    const { loadProvider } = await import('../../../../packages/emulator/src/oauth/load-provider.ts')
    const loading = Promise.all([loadProvider(), loadProvider()])
    terminal.warn('somebody else’s warning')
    await loading
    terminal.warn('and another')
    output.stop()
    expect(output.lines).toEqual(['somebody else’s warning', 'and another'])
  })
})
