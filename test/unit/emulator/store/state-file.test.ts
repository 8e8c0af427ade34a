import { randomUUID } from 'node:crypto'
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { createEmulator, type EmulatorOptions } from '@telnyx-oauth/emulator'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { recordOfSeed } from '../../../../packages/emulator/src/store/client-record.ts'
import { openStateFile, type StateFile } from '../../../../packages/emulator/src/store/state-file.ts'
import { createStore, type Store } from '../../../../packages/emulator/src/store/store.ts'
import { completeKeys, type SigningKeys } from '../../../../packages/emulator/src/tokens/keys.ts'
import { refreshAtEmulator, signInToEmulator } from '../../../support/emulator-sign-in.ts'
import { freePort } from '../../../support/free-port.ts'
import { createNavigator } from '../../../support/navigate.ts'
import { startEmulator } from '../../../support/start-emulator.ts'

function stateFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'emulator-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return join(folder, 'state.json')
}

/** Options of emulators that run one after another: at one port and with one state file. */
async function restartable<T extends EmulatorOptions>(
  options: T,
): Promise<T & { readonly port: number; readonly stateFile: string }> {
  return { ...options, port: await freePort(), stateFile: stateFile() }
}

describe('a state file', () => {
  test.each(['opaque', 'jwt'] as const)(
    'keeps clients, grants and tokens between starts: %s',
    async (accessTokenFormat) => {
      const options = await restartable({ accessTokenFormat })
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

      const after = await startEmulator(options)
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
    const options = await restartable({})
    const before = await startEmulator(options)
    const { refresh_token: token = '' } = await signInToEmulator(before.issuer)
    await refreshAtEmulator(before.issuer, token)
    await before.stop()
    const after = await startEmulator(options)
    await expect(refreshAtEmulator(after.issuer, token)).rejects.toMatchObject({ error: 'invalid_grant' })
  })

  test('remembers no user whose account is not configured any more: the browser is asked again', async () => {
    const options = await restartable({ rememberSignIn: true })
    const navigator = createNavigator()
    const before = await startEmulator(options)
    await signInToEmulator(before.issuer, { navigator })
    await before.stop()
    const newcomer = { id: 'new', name: 'New', email: 'new@example.com' }
    const organization = { organizationId: 'org', organizationName: 'Org' }
    const after = await startEmulator({ ...options, accounts: [{ ...newcomer, ...organization }] })
    await signInToEmulator(after.issuer, { navigator })
    expect(after.requests({ endpoint: 'sign-in', method: 'GET' })).toHaveLength(1)
    expect(after.grants.map(({ accountId }) => accountId)).toContain('new')
    await signInToEmulator(after.issuer, { navigator })
    expect(after.requests({ endpoint: 'sign-in', method: 'GET' })).toHaveLength(1)
  })

  test('does not double what was made up', async () => {
    const options = await restartable({ seed: { clients: 3, grants: 4 } })
    const before = await startEmulator(options)
    await before.stop()
    const after = await startEmulator(options)
    expect([after.clients.length, after.grants.length]).toEqual([4, 4])
  })

  test.each(['not json', '{"version":99}', '[]', '{"version":3}'])(
    'that is none is refused by name: %s',
    async (text) => {
      const path = stateFile()
      writeFileSync(path, text)
      const emulator = createEmulator({ port: 0, stateFile: path })
      await expect(emulator.start()).rejects.toThrow(
        `Telnyx OAuth emulator: the state file ${path} is not one of this version: delete it`,
      )
      expect(readFileSync(path, 'utf8')).toBe(text)
    },
  )

  test('is put into a folder of its own, readable by its owner only, before the first request', async () => {
    const path = join(stateFile(), 'deep', 'state.json')
    await startEmulator({ stateFile: path })
    expect(statSync(path).mode & 0o777).toBe(0o600)
  })

  test('refuses the start if it cannot be written', async () => {
    const file = stateFile()
    writeFileSync(file, '')
    const emulator = createEmulator({ port: 0, stateFile: join(file, 'state.json') })
    await expect(emulator.start()).rejects.toThrow(/state file .* cannot be (read|written)/)
  })

  test('that cannot be written any more is reported once, and written when it can be', async () => {
    const path = join(stateFile(), 'state.json')
    const { store, file, keys } = await openFile(path)
    const reports = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
    onTestFinished(() => reports.mockRestore())
    rmSync(dirname(path), { recursive: true })
    for (const id of ['1', '2']) {
      addClient(store, id)
      await file.save(keys)
    }
    expect(reports.mock.calls).toEqual([
      [expect.stringContaining(`Telnyx OAuth emulator: the state file ${path} cannot be written`)],
    ])
    mkdirSync(dirname(path))
    await file.save(keys)
    expect(clientIdsIn(path)).toEqual(['1', '2'])
  })

  test('of a running emulator that cannot be written lets stop() resolve', async () => {
    const path = join(stateFile(), 'state.json')
    const emulator = await startEmulator({ stateFile: path })
    const reports = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
    onTestFinished(() => reports.mockRestore())
    rmSync(dirname(path), { recursive: true })
    emulator.addClient({ clientId: 'late', name: 'Late' })
    await emulator.stop()
    expect(reports).toHaveBeenCalledOnce()
  })

  test('is shared by two emulators that write at the same time', async () => {
    const path = stateFile()
    const opened = await Promise.all([openFile(path), openFile(path)])
    for (const [index, { store }] of opened.entries()) addClient(store, String(index))
    await Promise.all(opened.map(({ file, keys }) => file.save(keys)))
    expect(clientIdsIn(path)).toHaveLength(1)
    expect(readdirSync(dirname(path))).toEqual(['state.json'])
  })

  test('is freed of what killed writes left beside it, and a write of another emulator stays', async () => {
    const path = stateFile()
    const [killed, written, foreign] = [
      `${path}.${randomUUID()}.new`,
      `${path}.${randomUUID()}.new`,
      `${path}.mine.new`,
    ] as const
    for (const file of [killed, written, foreign]) writeFileSync(file, '{}')
    for (const file of [killed, foreign]) utimesSync(file, 0, 0)
    // A clock that is ahead keeps the file young for as long as the test takes.
    utimesSync(written, 4_000_000_000, 4_000_000_000)
    await openFile(path)
    expect(readdirSync(dirname(path)).toSorted()).toEqual(
      [path, written, foreign].map((file) => basename(file)).toSorted(),
    )
  })

  test('is written after a change, and not after a request that only reads', async () => {
    const { store, file, keys } = await openFile(stateFile())
    vi.useFakeTimers()
    onTestFinished(() => void vi.useRealTimers())
    file.saveSoon(keys)
    expect(vi.getTimerCount()).toBe(0)
    addClient(store, '1')
    file.saveSoon(keys)
    expect(vi.getTimerCount()).toBe(1)
  })
})

async function openFile(path: string): Promise<{ store: Store; file: StateFile; keys: SigningKeys }> {
  const store = createStore({
    refreshGracePeriodMs: 0,
    revokeAccessTokensWithGrant: true,
    now: Date.now,
  })
  const file = await openStateFile(path, store, [])
  const keys = await completeKeys(undefined, 'ES256')
  await file.create(keys)
  return { store, file, keys }
}

function addClient(store: Store, clientId: string): void {
  const owner = { id: '', name: '', email: '', organizationId: '', organizationName: '' }
  store.clients.set(clientId, recordOfSeed({ clientId, name: clientId }, owner, 0))
}

function clientIdsIn(path: string): readonly string[] {
  const { clients } = JSON.parse(readFileSync(path, 'utf8')) as { clients: readonly { client_id: string }[] }
  return clients.map(({ client_id: id }) => id)
}
