import { beforeAll, expect, test, vi } from 'vitest'
import type { loadProver } from '../../../../packages/core/src/flows/server/with-dpop.ts'
import { mutatedSubject } from '../../../conformance/support/mutated-subject.ts'
import { createDeferred } from '../../../support/deferred.ts'
import { replacing } from '../../../support/mutation.ts'
import { createScene } from '../../../support/scene.ts'
import type { CoreUnderTest } from '../../../support/simulated-browser.ts'
import { settle } from '../../../support/simulated-clock.ts'

let arrives: Promise<void> | undefined

/** The core of a slow connection: the code that signs is awaited. */
let core: CoreUnderTest
beforeAll(async () => {
  core = await mutatedSubject(
    replacing<typeof loadProver>('loadProver', (original) => async (...given) => {
      await arrives
      return original(...given)
    }),
  )
})

test('the code that signs takes minutes to load: no lease is acquired before it is here', async () => {
  const scene = createScene({ dpop: true }, core)
  const tab = await scene.signIn()
  const code = createDeferred()
  arrives = code.promise
  tab.auth.refresh().catch(() => {})
  await scene.clock.advance(180_000)
  expect(scene.record()).not.toHaveProperty('lease')
  expect(scene.server.tokenRequests('refresh_token')).toEqual([])
  code.resolve()
  await settle()
  // Keys and digests take real time.
  await vi.waitFor(() => expect(tab.events.map(({ type }) => type)).toContain('token-renewed'), {
    timeout: 9_000,
  })
  expect(scene.server.tokenRequests('refresh_token')).toHaveLength(1)
})
