import { describe, expect, test } from 'vitest'
import { createDeferred } from '../../../support/deferred.ts'
import { createScene, sessionKey } from '../../../support/scene.ts'
import { callbackUrl } from '../../../support/sign-in-tab.ts'
import { settle } from '../../../support/simulated-clock.ts'

describe('a sign-in whose session cannot be stored', () => {
  test('stays, when another one was stored while its code was exchanged', async () => {
    const scene = createScene()
    await scene.signIn()
    const tab = scene.open()
    await scene.leave(tab)
    const answer = createDeferred()
    scene.server.script('/v2/oauth/token', (process) => answer.promise.then(process))
    tab.page.navigate(callbackUrl(scene.server, tab.page.href()))
    const late = scene.reload(tab)
    void late.auth.ready()
    await settle()
    const other = await scene.signIn()
    const seen = late.auth.getSnapshot()
    expect(seen).toMatchObject({ status: 'signed-in', token: { accessToken: 'access-5' } })
    late.storage.before((operation, key) => {
      if (operation === 'update' && key === sessionKey) throw new Error('connection lost')
    })
    answer.resolve()
    await settle()
    expect(await late.auth.getAccessToken()).toBe('access-6')
    late.page.wake()
    await settle()
    expect(await late.auth.getAccessToken()).toBe('access-6')
    // The last one wins, in every tab, as soon as it can be stored.
    late.storage.before(undefined)
    await scene.clock.advance(5000)
    expect(await other.auth.getAccessToken()).toBe('access-6')
  })
})
