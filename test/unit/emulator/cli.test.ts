import { expect, onTestFinished, test, vi } from 'vitest'

/** Runs the command in this process and collects what it prints. */
async function runCommand(words: readonly string[], onLine = () => {}): Promise<string[]> {
  const lines: string[] = []
  const { console: terminal } = globalThis
  const { argv } = process
  const { log, error } = terminal
  terminal.log = (line: string) => {
    lines.push(line)
    onLine()
  }
  terminal.error = (line: string) => lines.push(line)
  process.argv = ['node', 'telnyx-oauth-emulator', ...words]
  try {
    vi.resetModules()
    await import('../../../packages/emulator/src/cli.ts')
  } finally {
    process.argv = argv
    Object.assign(terminal, { log, error })
  }
  return lines
}

// The first one imports the whole emulator.
test('the command says where it listens and who can sign in, and ends on a signal', {
  timeout: 60_000,
}, async () => {
  const [text = ''] = await runCommand(['--port', '0'])
  const url = /http:\/\/localhost:\d+/.exec(text)?.[0] ?? ''
  expect(text).toBe(
    `  Telnyx OAuth emulator  ${url}\n  Sign in as Ava Lindqvist, Noor Haddad, or Sam Okafor; there are no passwords.`,
  )
  expect((await fetch(`${url}/v2/oauth/jwks`)).status).toBe(200)
  // Answered only if a request comes, so what ends it is the end of the server.
  const ended = expect(fetch(`${url}/__emulator/requests/next`)).rejects.toThrow('fetch failed')
  process.emit('SIGTERM')
  await ended
})

test('the command prints one line of JSON for scripts', async () => {
  const [text = '', ...others] = await runCommand(['--port', '0', '--json'])
  const { url, issuer, accounts } = JSON.parse(text) as Record<string, string>
  expect(others).toEqual([])
  expect([issuer, accounts?.length]).toEqual([url, 3])
  expect(text).not.toContain('KEY_EMULATOR')
  const ended = expect(fetch(`${url}/__emulator/requests/next`)).rejects.toThrow('fetch failed')
  process.emit('SIGTERM')
  await ended
})

test('the command can be ended as soon as it has said where it listens', async () => {
  const before = process.listenerCount('SIGINT')
  const added: number[] = []
  const [text = ''] = await runCommand(['--port', '0', '--json'], () => {
    added.push(process.listenerCount('SIGINT') - before)
    process.emit('SIGINT')
  })
  const { url } = JSON.parse(text) as Record<string, string>
  expect(added).toEqual([1])
  await expect(fetch(`${url}/__emulator/requests/next`)).rejects.toThrow('fetch failed')
})

test('the command says that a state file is none of its own, and fails', async () => {
  onTestFinished(() => {
    process.exitCode = undefined
  })
  const lines = await runCommand(['--port', '0', '--state-file', import.meta.filename])
  expect(lines).toEqual([
    expect.stringMatching(
      /^Telnyx OAuth emulator: the state file .*cli\.test\.ts is not one of this version: delete it/,
    ),
  ])
  expect(process.exitCode).toBe(1)
})

test('the command says in one line what is wrong, and fails', async () => {
  onTestFinished(() => {
    process.exitCode = undefined
  })
  expect(await runCommand(['--port', '70000'])).toEqual([
    'telnyx-oauth-emulator: --port must be an integer from 0 to 65535; got 70000',
  ])
  expect(process.exitCode).toBe(1)
})
