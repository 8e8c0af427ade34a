import { describe, expect, test } from 'vitest'
import { createDeferred } from '../../../support/deferred.ts'
import { json } from '../../../support/model-server.ts'
import { createScene, type Scene, type SceneTab } from '../../../support/scene.ts'
import { answerTo, callbackUrl } from '../../../support/sign-in-tab.ts'
import { settle } from '../../../support/simulated-clock.ts'

const tokenPath = '/v2/oauth/token'

/** Loads the tab's page at `url`. @returns the tab, and every snapshot it shows, in two words */
function load(scene: Scene, tab: SceneTab, url = callbackUrl(scene.server, tab.page.href())) {
  tab.page.navigate(url)
  const back = scene.reload(tab)
  const shown: string[] = []
  back.auth.subscribe(() => {
    const { status, error } = back.auth.getSnapshot()
    shown.push([status, error?.code].filter(Boolean).join(' '))
  })
  return { back, shown }
}

describe('pending ends once', () => {
  test('the page is shown, comes online and hears of a sign-out during the exchange: one snapshot, signed-in', async () => {
    const scene = createScene()
    const [tab, other] = [await scene.signIn(), scene.open()]
    await tab.auth.signOut()
    await other.auth.ready()
    await scene.leave(tab)
    const held = createDeferred()
    scene.server.script(tokenPath, (process) => held.promise.then(process))
    const { back, shown } = load(scene, tab)
    await settle()
    back.page.setVisible(true)
    back.page.comeOnline()
    await other.auth.signOut()
    await settle()
    expect([shown, back.auth.getSnapshot().status]).toEqual([[], 'pending'])
    held.resolve()
    await back.auth.ready()
    await settle()
    expect(shown).toEqual(['signed-in'])
  })

  test.each([
    ['the user denies', (url: string) => answerTo(url, { error: 'access_denied' }), 'access_denied'],
    [
      'the state is of no pending sign-in',
      (url: string) => `${answerTo(url, { code: 'x' }).replace('state=tx1.', 'state=tx1.other')}`,
      'transaction_not_found',
    ],
    ['the server refuses the code', (url: string) => answerTo(url, { code: 'x' }), 'authorization_failed'],
  ])('%s: one snapshot, with the error', async (_title, respond, code) => {
    const scene = createScene()
    const tab = scene.open()
    const url = await scene.leave(tab)
    scene.server.script(tokenPath, () => json({ error: 'invalid_grant' }, 400))
    const { back, shown } = load(scene, tab, respond(url))
    await back.auth.ready()
    await settle()
    expect(shown).toEqual([`signed-out ${code}`])
  })

  test('the page is reloaded during the exchange: one snapshot, callback_interrupted', async () => {
    const scene = createScene()
    const tab = scene.open()
    await scene.leave(tab)
    scene.server.script(tokenPath, () => new Promise(() => {}))
    const { back } = load(scene, tab)
    await settle()
    const { back: reloaded, shown } = load(scene, back, back.page.href())
    await reloaded.auth.ready()
    await settle()
    expect(shown).toEqual(['signed-out callback_interrupted'])
  })
})
