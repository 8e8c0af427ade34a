import { readFileSync } from 'node:fs'
import { transform } from 'esbuild'
import { expect, test } from 'vitest'
import { startEmulator } from '../../support/start-emulator.ts'

type Command = (...args: unknown[]) => unknown

interface CypressRequest {
  readonly method?: string
  readonly url: string
  readonly body?: object
  readonly qs?: Readonly<Record<string, string>>
}

const readme = readFileSync(new URL('../../../packages/emulator/README.md', import.meta.url), 'utf8')
const [, code = ''] = /```ts no-check: Cypress[^\n]*\n([\s\S]*?)```/.exec(readme) ?? []

/** Sends what `cy.request` is told to, as Cypress does: from its own process, JSON for an object. */
async function send({ method = 'GET', url, body, qs = {} }: CypressRequest): Promise<unknown> {
  const headers = { 'content-type': 'application/json' }
  const init = body === undefined ? { method } : { method, headers, body: JSON.stringify(body) }
  const response = await fetch(`${url}?${new URLSearchParams(qs)}`, init)
  if (!response.ok) throw new Error(await response.text())
  return response.json()
}

/** Runs the file of commands with a Cypress that has `request` only. */
async function loadCommands(url: string): Promise<{ commands: Map<string, Command>; reset: Command }> {
  const commands = new Map<string, Command>()
  const hooks: Command[] = []
  const cy = {
    request: (request: CypressRequest) => ({ its: (_body: 'body') => send(request) }),
    emulator: (...args: unknown[]) => commands.get('emulator')?.(...args),
  }
  const Cypress = { Commands: { add: (name: string, command: Command) => commands.set(name, command) } }
  const { code: script } = await transform(code, { loader: 'ts' })
  const body = script.replaceAll('export {};', '').replaceAll('http://localhost:4010', url)
  new Function('Cypress', 'cy', 'beforeEach', body)(Cypress, cy, (hook: Command) => hooks.push(hook))
  const [reset = () => undefined] = hooks
  return { commands, reset }
}

test('the commands for Cypress in the README set a fault, list requests and reset', async () => {
  const emulator = await startEmulator()
  const { commands, reset } = await loadCommands(emulator.url)
  expect([...commands.keys()]).toEqual(['emulator', 'emulatorRequests', 'decideSignIn'])
  await commands.get('emulator')?.('POST', 'fail', { endpoint: 'jwks', status: 503 })
  const statuses = [await fetch(`${emulator.url}/v2/oauth/jwks`), await fetch(`${emulator.url}/v2/balance`)]
  expect(statuses.map(({ status }) => status)).toEqual([503, 401])
  expect(await commands.get('emulatorRequests')?.({ endpoint: 'jwks' })).toMatchObject([{ status: 503 }])
  expect(await commands.get('emulatorRequests')?.()).toHaveLength(2)
  await reset()
  expect(emulator.requests()).toEqual([])
  await expect(commands.get('emulator')?.('POST', 'fail', { endpoint: 'jwks', sttus: 503 })).rejects.toThrow(
    'did you mean',
  )
})
