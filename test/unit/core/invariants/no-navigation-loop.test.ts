import { expect, test } from 'vitest'
import { badResponses, isLoop, loopExamples, visitTimes } from '../../../support/bad-responses.ts'
import { fc } from '../../../support/fast-check.ts'
import { isLong } from '../../../support/is-long.ts'
import { createScene, type SceneTab } from '../../../support/scene.ts'

/** Runs the ten lines of the README in a page that no user touches. */
async function runTenLines({ auth }: SceneTab): Promise<void> {
  const { status, error } = await auth.ready()
  if (status === 'signed-out' && !error) await auth.signIn().catch(() => {})
  if (status === 'signed-in') await auth.fetch('https://api.telnyx.com/v2/phone_numbers')
}

test('whatever comes to the redirect URI, the ten lines visit the server at most three times in a minute', async () => {
  let mostVisits = 0
  await fc.assert(
    fc.asyncProperty(badResponses, async (bad) => {
      const times = await visitTimes(bad, runTenLines)
      mostVisits = Math.max(mostVisits, times.length)
      expect(isLoop(times), String(times)).toBe(false)
    }),
    { numRuns: isLong ? 1000 : 60, examples: loopExamples },
  )
  expect(mostVisits, 'some go round').toBeGreaterThan(3)
}, 60_000)

test('the user clicks four times in a minute: each sign-in leaves', async () => {
  const scene = createScene()
  const tab = scene.open(undefined, {}, { isUserActive: () => true })
  for (let n = 0; n < 4; n++) expect(await scene.leave(tab)).toContain('/authorize')
})
