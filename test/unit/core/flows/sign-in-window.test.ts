import { expect, onTestFinished, test, vi } from 'vitest'
import { TelnyxAuthError } from '../../../../packages/core/src/errors.ts'
import { listenToPopup } from '../../../../packages/core/src/ports/popup-listener.ts'
import { type PopupOutcome, reportOutcome } from '../../../../packages/core/src/ports/popup-report.ts'
import type { OpenUrl } from '../../../../packages/core/src/telnyx-auth.ts'
import { createDeferred } from '../../../support/deferred.ts'
import { createScene, type Scene, type SceneTab } from '../../../support/scene.ts'
import { callbackUrl } from '../../../support/sign-in-tab.ts'
import { appOrigin } from '../../../support/simulated-browser.ts'
import { settle } from '../../../support/simulated-clock.ts'

/** A second tab that finishes the sign-in which begins at `url`, as a window does. @returns what it reports */
async function finishInWindow(scene: Scene, url: string, backAt = callbackUrl(scene.server, url)) {
  const state = new URL(url).searchParams.get('state') ?? ''
  const report = createDeferred<PopupOutcome | undefined>()
  onTestFinished(listenToPopup(state, report.resolve))
  vi.stubGlobal('close', () => {})
  onTestFinished(() => void vi.unstubAllGlobals())
  const popup = scene.open(backAt)
  await popup.auth.ready()
  await settle()
  return report.promise
}

/** Options of a sign-in that `visit` goes through; it rejects with what `visit` resolves with. */
const through = (visit: (...given: Parameters<OpenUrl>) => Promise<TelnyxAuthError | undefined>) => ({
  openUrl: async (...given: Parameters<OpenUrl>) => {
    const error = await visit(...given)
    if (error) throw error
  },
})

const statusOf = ({ auth }: SceneTab) => auth.getSnapshot().status

test('a sign-in through a window ends when this tab shows the session that the window stored', async () => {
  const scene = createScene()
  const tab = scene.open()
  await tab.auth.signIn(
    through(async (url) => {
      expect(statusOf(tab)).toBe('signed-out')
      expect(await finishInWindow(scene, url), 'what is reported').toBe(undefined)
      return undefined
    }),
  )
  expect(statusOf(tab)).toBe('signed-in')
  expect(tab.page.href(), 'the page stays').toBe(`${appOrigin}/`)
})

test('the message of the session may be lost: the store is read when the window has reported', async () => {
  const scene = createScene()
  const tab = scene.open(undefined, undefined, {
    channel: { post: () => {}, listen: () => {}, close: () => {} },
  })
  await tab.auth.signIn(through(async (url) => void (await finishInWindow(scene, url))))
  expect(statusOf(tab)).toBe('signed-in')
})

test('a window that was closed after it stored the session has signed in', async () => {
  const scene = createScene()
  const tab = scene.open()
  const closed = new TelnyxAuthError('popup_closed')
  await tab.auth.signIn(through((url) => finishInWindow(scene, url).then(() => closed)))
  expect(statusOf(tab)).toBe('signed-in')
})

test('what the window reports is what the caller gets, and a session that was there stays', async () => {
  const scene = createScene()
  const tab = await scene.signIn()
  const before = tab.auth.getSnapshot()
  const denied = new TelnyxAuthError('access_denied')
  await expect(tab.auth.signIn(through(async () => denied))).rejects.toBe(denied)
  expect(tab.auth.getSnapshot()).toBe(before)
})

test('a window that speaks of a session which this page cannot read is a storage that is not shared', async () => {
  const scene = createScene()
  const tab = scene.open()
  await expect(
    tab.auth.signIn(through(async (_url, { state }) => void (await reportOutcome(state, undefined)))),
  ).rejects.toMatchObject({
    code: 'storage_failed',
    phase: 'sign-in',
  })
})

test('a store that cannot be read is the cause of the failure', async () => {
  const scene = createScene()
  const tab = scene.open()
  const cause = new Error('the disk is gone')
  const failing = tab.auth.signIn(
    through(async (_url, { state }) => {
      tab.storage.before(() => Promise.reject(cause))
      await reportOutcome(state, undefined)
      return undefined
    }),
  )
  await expect(failing).rejects.toMatchObject({ code: 'storage_failed', cause })
})

test('the transaction is stored before the window leaves', async () => {
  const scene = createScene()
  const tab = scene.open()
  const left = createDeferred<string>()
  void tab.auth
    .signIn(
      through((url) => {
        left.resolve(url)
        return new Promise(() => {})
      }),
    )
    .catch(() => {})
  const state = new URL(await left.promise).searchParams.get('state') ?? ''
  const stored = [...scene.records.values()].some((record) => Object.hasOwn(record as object, state))
  expect(stored).toBe(true)
})

test.each([
  ['the words of the server', 'access_denied', { error: 'access_denied', description: 'not today' }],
  ['that the answer is broken', 'callback_invalid', undefined],
])('the window reports %s', async (_title, code, server) => {
  const scene = createScene()
  const tab = scene.open()
  const reported = createDeferred<PopupOutcome | undefined>()
  const signingIn = tab.auth.signIn(
    through(async (url) => {
      const back = new URL(callbackUrl(scene.server, url))
      back.searchParams.delete('code')
      if (server) back.searchParams.set('error', server.error)
      if (server) back.searchParams.set('error_description', server.description)
      const outcome = await finishInWindow(scene, url, back.href)
      reported.resolve(outcome)
      return outcome && new TelnyxAuthError(outcome.code, { server: outcome.server })
    }),
  )
  await expect(signingIn).rejects.toMatchObject({ code })
  expect(await reported.promise).toEqual({ code, server })
})

test('an exchange that takes longer than requestTimeoutMs signs in: the window waits for it', async () => {
  const scene = createScene()
  const tab = scene.open()
  scene.server.script('/v2/oauth/token', async (process) => {
    await scene.clock.advance(60_000)
    return process()
  })
  await tab.auth.signIn(through(async (url) => void (await finishInWindow(scene, url))))
  expect(statusOf(tab)).toBe('signed-in')
})

test('a person who signs out while the window exchanges the code is signed out, and nobody waits for ever', async () => {
  const scene = createScene()
  const tab = await scene.signIn()
  scene.server.script('/v2/oauth/token', async (process) => {
    await tab.auth.signOut()
    return process()
  })
  const signingIn = tab.auth.signIn(
    through(async (url) => {
      const outcome = await finishInWindow(scene, url)
      return outcome && new TelnyxAuthError(outcome.code)
    }),
  )
  await expect(signingIn).rejects.toMatchObject({ code: 'signed_out' })
  expect(statusOf(tab)).toBe('signed-out')
})
