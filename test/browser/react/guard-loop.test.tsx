import { RequireSignIn, TelnyxAuthProvider } from '@telnyx-oauth/react'
import { act, cleanup, render } from '@testing-library/react'
import { afterEach, expect, it } from 'vitest'
import { badResponses, isLoop, loopExamples, visitTimes } from '../../support/bad-responses.ts'
import { fc } from '../../support/fast-check.ts'
import type { SceneTab } from '../../support/scene.ts'

afterEach(cleanup)

/** Renders a guard, in a page that no user touches, until it has decided. */
async function runGuard({ auth }: SceneTab): Promise<void> {
  let leaving: Promise<unknown> = Promise.resolve()
  const signIn: typeof auth.signIn = (options) => {
    const result = auth.signIn(options)
    leaving = result.catch(() => {})
    return result
  }
  await act(async () => {
    render(
      <TelnyxAuthProvider client={{ ...auth, signIn }}>
        <RequireSignIn />
      </TelnyxAuthProvider>,
    )
    await auth.ready()
  })
  await act(() => leaving)
  cleanup()
}

it('whatever comes to the redirect URI, a guard visits the server at most three times in a minute', async () => {
  let mostVisits = 0
  await fc.assert(
    fc.asyncProperty(badResponses, async (bad) => {
      const times = await visitTimes(bad, runGuard)
      mostVisits = Math.max(mostVisits, times.length)
      expect(isLoop(times), String(times)).toBe(false)
    }),
    { numRuns: 15, examples: loopExamples },
  )
  expect(mostVisits, 'some go round').toBeGreaterThan(3)
}, 60_000)
