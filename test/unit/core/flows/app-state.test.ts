import { describe, expect, test } from 'vitest'
import { createScene, transactionsKey } from '../../../support/scene.ts'
import { answerTo, callbackUrl } from '../../../support/sign-in-tab.ts'
import { settle } from '../../../support/simulated-clock.ts'

const appState = { cart: ['a', 'b'], step: { number: 2 }, since: null }

describe('appState', () => {
  test('comes back in the first snapshot after the redirect, frozen, and stays over a refresh', async () => {
    const scene = createScene()
    const tab = scene.open()
    await scene.leave(tab, { appState })
    const back = await scene.comeBack(tab)
    const snapshot = back.auth.getSnapshot()
    expect(snapshot).toMatchObject({ status: 'signed-in', appState })
    expect(Object.isFrozen((snapshot as { appState: typeof appState }).appState.step)).toBe(true)
    await back.auth.refresh()
    expect(back.auth.getSnapshot()).toMatchObject({ token: { accessToken: 'access-3' }, appState })
  })

  test('is stored with the transaction alone: neither the URLs nor the session have it', async () => {
    const scene = createScene()
    const tab = scene.open()
    const url = await scene.leave(tab, { appState: 'a5ec7e7' })
    expect(url).not.toContain('a5ec7e7')
    expect(JSON.stringify(scene.records.get(transactionsKey))).toContain('a5ec7e7')
    const back = await scene.comeBack(tab)
    expect(back.log.join()).not.toContain('a5ec7e7')
    expect(JSON.stringify([...scene.records])).not.toContain('a5ec7e7')
  })

  test('is gone after a reload, and other tabs do not have it', async () => {
    const scene = createScene()
    const tab = scene.open()
    await scene.leave(tab, { appState })
    const back = await scene.comeBack(tab)
    for (const each of [scene.open(), scene.reload(back)]) {
      await each.auth.ready()
      expect(each.auth.getSnapshot()).toMatchObject({ status: 'signed-in' })
      expect(each.auth.getSnapshot()).not.toHaveProperty('appState')
    }
  })

  test('of a sign-in that was denied does not come with the next session', async () => {
    const scene = createScene()
    const tab = scene.open()
    const url = await scene.leave(tab, { appState })
    const denied = await scene.comeBack(tab, answerTo(url, { error: 'access_denied' }))
    await scene.leave(denied)
    const back = await scene.comeBack(denied)
    expect(back.auth.getSnapshot().status).toBe('signed-in')
    expect(back.auth.getSnapshot()).not.toHaveProperty('appState')
  })

  test('ends with its session: a session of another tab comes without it', async () => {
    const scene = createScene()
    const tab = scene.open()
    await scene.leave(tab, { appState })
    const back = await scene.comeBack(tab)
    await scene.signIn()
    await settle()
    expect(back.auth.getSnapshot().status).toBe('signed-in')
    expect(back.auth.getSnapshot()).not.toHaveProperty('appState')
  })

  test('is shown by the page that signed in through a window', async () => {
    const scene = createScene()
    const tab = scene.open()
    const openUrl = (url: string) => scene.open(callbackUrl(scene.server, url)).auth.ready()
    await tab.auth.signIn({ appState, openUrl })
    expect(tab.auth.getSnapshot()).toMatchObject({ status: 'signed-in', appState })
  })

  test.each([() => {}, Symbol('s')])('that JSON cannot keep is a TypeError: %s', async (value) => {
    const tab = createScene().open()
    await expect(tab.auth.signIn({ appState: value })).rejects.toThrow(
      new TypeError('signIn: "appState" must be a value that JSON keeps'),
    )
  })
})
