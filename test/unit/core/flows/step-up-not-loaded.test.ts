import { expect, test, vi } from 'vitest'
import { TelnyxAuthError } from '../../../../packages/core/src/errors.ts'
import { createScene } from '../../../support/scene.ts'

vi.mock('../../../../packages/core/src/token-flows.ts', () => {
  throw new Error('Failed to fetch dynamically imported module')
})

test('the code of the step-up cannot be loaded: signIn rejects with network_error, and the session continues', async () => {
  const scene = createScene()
  const tab = await scene.signIn()
  const before = tab.auth.getSnapshot()
  const stepUp = new TelnyxAuthError('insufficient_scope', { missing: { scopes: ['voice.write'] } })
  const left = tab.page.href()
  await expect(tab.auth.signIn({ stepUp })).rejects.toMatchObject({ code: 'network_error' })
  expect(tab.page.href()).toBe(left)
  expect(tab.auth.getSnapshot()).toBe(before)
  expect(await tab.auth.getAccessToken()).toBeTypeOf('string')
})
