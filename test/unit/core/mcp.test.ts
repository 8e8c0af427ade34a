import { expect, test } from 'vitest'
import { TelnyxAuthError } from '../../../packages/core/src/errors.ts'
import { mcpFetch } from '../../../packages/core/src/mcp.ts'
import { createTestAuth, type TestAuth, type TestAuthOptions } from '../../../packages/core/src/testing.ts'
import { createDeferred } from '../../support/deferred.ts'

const url = 'https://api.telnyx.com/v2/mcp'
const message = { method: 'POST', body: '{}' }

interface Scene {
  readonly auth: TestAuth
  /** The token of each message that the server got. */
  readonly tokens: readonly (string | null)[]
}

function scene(options: TestAuthOptions): Scene {
  const tokens: (string | null)[] = []
  const answer = ({ headers }: Request) => {
    tokens.push(headers.get('authorization'))
    return Response.json({})
  }
  return { auth: createTestAuth({ fetch: answer, ...options }), tokens }
}

const signedOut = { status: 'signed-out' } as const

test('a message carries the token of the session', async () => {
  const { auth, tokens } = scene({ token: 'abc' })
  const response = await mcpFetch(auth)(url, message)
  expect([response.status, tokens]).toEqual([200, ['Bearer abc']])
})

test('a message carries the token that was chosen', async () => {
  const { auth } = scene({})
  const choices: unknown[] = []
  const fetch: TestAuth['fetch'] = async (_input, _init, choice) => {
    choices.push(choice)
    return Response.json({})
  }
  await mcpFetch({ ...auth, fetch }, { resource: url, scope: 'messaging.read', signIn: false })(url, message)
  expect(choices).toEqual([{ resource: url, scope: 'messaging.read' }])
})

test('messages that find nobody signed in are sent after one sign-in', async () => {
  const { auth, tokens } = scene(signedOut)
  const reasons: string[] = []
  const decision = createDeferred()
  const send = mcpFetch(auth, {
    signIn: async ({ code }) => {
      reasons.push(code)
      await decision.promise
      await auth.signIn()
    },
  })
  const answers = [send(url, message), send(url, message)]
  decision.resolve()
  await Promise.all(answers)
  expect([reasons, tokens]).toEqual([['signed_out'], ['Bearer test-token', 'Bearer test-token']])
})

test('without an option, a message that finds nobody signed in signs in as a guard does', async () => {
  const { auth, tokens } = scene(signedOut)
  const signIns: unknown[] = []
  const leaving = { ...auth, signIn: async (options: unknown) => void signIns.push(options) }
  await expect(mcpFetch(leaving)(url, message)).rejects.toMatchObject({ code: 'signed_out' })
  expect([signIns, tokens]).toEqual([[{ automatic: true }], []])
})

test('with `signIn: false` a message that finds nobody signed in is rejected', async () => {
  const { auth } = scene(signedOut)
  await expect(mcpFetch(auth, { signIn: false })(url, message)).rejects.toMatchObject({ code: 'signed_out' })
  expect(auth.getSnapshot().status).toBe('signed-out')
})

test('after a sign-out nobody is signed in again by a message', async () => {
  const { auth, tokens } = scene({})
  const byRedirect = mcpFetch(auth)
  const byOwnWay = mcpFetch(auth, { signIn: () => auth.signIn() })
  for (const send of [byRedirect, byOwnWay]) await send(url, message)
  await auth.signOut()
  for (const send of [byRedirect, byOwnWay]) {
    await expect(send(url, message)).rejects.toMatchObject({ code: 'signed_out' })
  }
  expect([auth.getSnapshot().status, tokens.length]).toEqual(['signed-out', 2])
})

test('after the end of a session the page does not leave by itself, and an own way to sign in hears why', async () => {
  const { auth, tokens } = scene({})
  const byRedirect = mcpFetch(auth)
  await byRedirect(url, message)
  auth.fail('invalid_grant')
  await expect(byRedirect(url, message)).rejects.toMatchObject({ code: 'invalid_grant' })
  expect(auth.getSnapshot().status).toBe('signed-out')

  const reasons: string[] = []
  const byOwnWay = mcpFetch(auth, {
    signIn: async ({ code }) => {
      reasons.push(code)
      await auth.signIn()
    },
  })
  await byOwnWay(url, message)
  expect([reasons, tokens.length]).toEqual([['invalid_grant'], 2])
})

test('a sign-in that fails is what the message fails with', async () => {
  const { auth, tokens } = scene(signedOut)
  const send = mcpFetch(auth, { signIn: () => Promise.reject(new TelnyxAuthError('popup_blocked')) })
  await expect(send(url, message)).rejects.toMatchObject({ code: 'popup_blocked' })
  expect(tokens).toEqual([])
})

test('a failure that leaves the session alone is passed on', async () => {
  const { auth } = scene({})
  auth.fail('server_unavailable')
  await expect(mcpFetch(auth)(url, message)).rejects.toMatchObject({ code: 'server_unavailable' })
})
