import { expect, test, vi } from 'vitest'
import { json } from '../../../support/model-server.ts'
import { createScene, refreshTokensSent } from '../../../support/scene.ts'

vi.mock('../../../../packages/core/src/token-flows.ts', () => {
  throw new Error('Failed to fetch dynamically imported module')
})

const api = 'https://api.telnyx.com/v2/phone_numbers'

test.each([401, 403])(
  'the code for a %i cannot be loaded: fetch returns the response and refreshes nothing',
  async (status) => {
    const scene = createScene()
    const { auth } = await scene.signIn()
    const before = auth.getSnapshot()
    scene.server.script('/v2/phone_numbers', () => json({}, status))
    expect((await auth.fetch(api)).status).toBe(status)
    expect(refreshTokensSent(scene)).toEqual([])
    expect(auth.getSnapshot()).toBe(before)
  },
)

test('the code of a sign-out at the server cannot be loaded: the user is signed out here, and the result says so', async () => {
  const { auth, page } = await createScene().signIn()
  expect(await auth.signOut({ endServerSession: true, returnTo: '/bye' })).toMatchObject({
    serverSession: 'failed',
  })
  expect(auth.getSnapshot()).toEqual({ status: 'signed-out' })
  expect(page.href()).toBe('http://localhost:5173/bye')
})

test('the code of resource tokens cannot be loaded: getAccessToken rejects with network_error, the own token is served', async () => {
  const { auth } = await createScene().signIn()
  const before = auth.getSnapshot()
  await expect(auth.getAccessToken({ scope: 'billing.read' })).rejects.toMatchObject({
    code: 'network_error',
    retryable: true,
  })
  expect(await auth.getAccessToken()).toBeTypeOf('string')
  expect(auth.getSnapshot()).toBe(before)
})
