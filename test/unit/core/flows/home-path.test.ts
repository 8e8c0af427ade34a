import { describe, expect, test } from 'vitest'
import type { Context } from '../../../../packages/core/src/context.ts'
import { allowedPath, pathInApp } from '../../../../packages/core/src/flows/return-path.ts'
import { fc } from '../../../support/fast-check.ts'
import { createScene, type Scene, transactionsKey } from '../../../support/scene.ts'
import { appOrigin } from '../../../support/simulated-browser.ts'

/** An app in the folder `/app`, and what its router is told. */
function openApp(scene: Scene, url = `${appOrigin}/app/list?page=2#row`, homePath = '/app/') {
  const paths: string[] = []
  const navigate = (path: string) => void paths.push(path)
  return { paths, tab: scene.open(url, { redirectUri: '/app/callback', homePath, navigate }) }
}

describe('homePath', () => {
  test('its folder is left out of the paths for the router: the page where the sign-in began', async () => {
    const scene = createScene()
    const { tab, paths } = openApp(scene)
    await tab.auth.signIn()
    await scene.comeBack(tab)
    expect(paths).toEqual(['/list?page=2#row'])
  })

  test.each([
    ['/app', '/'],
    ['/app/', '/'],
    ['/app?a=1', '/?a=1'],
    ['/app#top', '/#top'],
    ['/app/a/../b', '/b'],
    ['/app/app/x', '/app/x'],
  ])('the return path %s is %s for the router', async (returnTo, path) => {
    const scene = createScene()
    const { tab, paths } = openApp(scene)
    await tab.auth.signIn({ returnTo })
    await scene.comeBack(tab)
    expect(paths).toEqual([path])
  })

  test.each([
    '/',
    '/other',
    '/apple',
    '/app/../other',
    '/app/..',
    '/app//evil.example',
    '/app/.//evil.example',
  ])('the return path %s leads out of the app: a TypeError, and the page stays', async (returnTo) => {
    const { tab } = openApp(createScene())
    await expect(tab.auth.signIn({ returnTo })).rejects.toThrow(
      new TypeError(
        '"returnTo" must be a path inside of the folder of "homePath" that starts with one slash',
      ),
    )
    expect(tab.page.href()).toBe(`${appOrigin}/app/list?page=2#row`)
  })

  test.each(['/other', '/app//evil.example'])(
    'a sign-in that began elsewhere, or whose stored path is %s, ends on the start page of the app',
    async (returnTo) => {
      const scene = createScene()
      const { tab, paths } = openApp(scene, `${appOrigin}/landing`, '/app/start?x=1')
      await tab.auth.signIn()
      await scene.comeBack(tab)
      expect(paths).toEqual(['/start?x=1'])
      await tab.auth.signIn()
      const stored = Object.entries(scene.records.get(transactionsKey) as object)
      scene.records.set(
        transactionsKey,
        Object.fromEntries(stored.map(([state, one]) => [state, { ...one, returnTo }])),
      )
      await scene.comeBack(tab)
      expect(paths).toEqual(['/start?x=1', '/start?x=1'])
    },
  )

  test('a bookmarked response leads to it, without a router too, where the URL has the base', async () => {
    const scene = createScene()
    const bookmark = `${appOrigin}/app/callback?code=c&state=tx1.x`
    const { tab, paths } = openApp(scene, bookmark, '/app/start')
    await tab.auth.ready()
    expect(paths).toEqual(['/start'])
    const plain = scene.open(bookmark, { redirectUri: '/app/callback', homePath: '/app/start' })
    await plain.auth.ready()
    expect(plain.page.href()).toBe(`${appOrigin}/app/start`)
  })

  test('is the start page of an app without a base where it is no folder', async () => {
    const scene = createScene()
    const { tab, paths } = openApp(scene, `${appOrigin}/list`, '/dashboard')
    await tab.auth.signIn()
    await scene.comeBack(tab)
    expect(paths).toEqual(['/list'])
  })

  test('whatever is returned to, the router receives a path of this origin', () => {
    const parts = ['/', '\\', '.', '..', '%2e', '%2f', 'app', 'evil.example', '?', '#', '\t', '@', ':']
    const target = fc.array(fc.constantFrom(...parts)).map((some) => `/app${some.join('')}`)
    const page = { href: () => `${appOrigin}/app/list` }
    const context = { options: { homePath: '/app/' }, page } as unknown as Context
    const property = fc.property(target, (returnTo) => {
      const path = allowedPath(context, returnTo)
      if (path === undefined) return
      const inApp = pathInApp(context, path)
      expect(inApp).toMatch(/^\/(?![/\\])/)
      expect(new URL(String(inApp), appOrigin).origin).toBe(appOrigin)
      expect(new URL(path, appOrigin).href.startsWith(`${appOrigin}/app`)).toBe(true)
    })
    fc.assert(property, { numRuns: 2000 })
  })

  test('a sign-out goes to a page of the app by its router, and to any other by itself', async () => {
    const scene = createScene()
    const { tab, paths } = openApp(scene)
    await tab.auth.signOut({ returnTo: '/app/bye' })
    expect(paths).toEqual(['/bye'])
    await tab.auth.signOut({ returnTo: '/logged-out.html' })
    expect([paths.length, tab.page.href()]).toEqual([1, `${appOrigin}/logged-out.html`])
  })
})
