import { expect, onTestFinished, test, vi } from 'vitest'
import { TelnyxAuthError } from '../../../../packages/core/src/errors.ts'
import { signInWithPopup } from '../../../../packages/core/src/popup.ts'
import { listenToPopup } from '../../../../packages/core/src/ports/popup-listener.ts'
import { type PopupOutcome, reportToOpener } from '../../../../packages/core/src/ports/popup-report.ts'
import { openPopup } from '../../../../packages/core/src/ports/popup-window.ts'
import type { SignInOptions } from '../../../../packages/core/src/telnyx-auth.ts'
import { createTestAuth } from '../../../../packages/core/src/testing.ts'
import { createDeferred } from '../../../support/deferred.ts'

/** What the browser has for the window and its opener; a property is changed, as the person would. */
function stubWindow(opened: object | null) {
  const close = vi.fn()
  for (const [name, value] of Object.entries({ screenX: 0, screenY: 0, outerWidth: 1200, outerHeight: 900 }))
    vi.stubGlobal(name, value)
  vi.stubGlobal('close', close)
  vi.stubGlobal('open', () => opened)
  onTestFinished(() => void vi.unstubAllGlobals())
  return close
}

/** Fakes what the window is watched with, and nothing that files of the same process may still wait for. */
function fakeIntervals(): void {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  onTestFinished(() => void vi.useRealTimers())
}

/** The other end of the channel, by hand. */
function channelOf(state: string): BroadcastChannel {
  const channel = new BroadcastChannel(`telnyx-oauth-2 popup ${state}`)
  onTestFinished(() => channel.close())
  return channel
}

test('the window repeats its report until it is heard, and closes only then', async () => {
  const close = stubWindow(null)
  const opener = channelOf('heard-late')
  let reports = 0
  opener.onmessage = () => {
    reports += 1
    expect(close).not.toHaveBeenCalled()
    if (reports === 3) opener.postMessage({ type: 'heard' })
  }
  await reportToOpener('heard-late', undefined)
  expect(reports).toBe(3)
  expect(close).toHaveBeenCalledOnce()
})

test('a window that nobody hears stays open and goes on as any other page', async () => {
  const close = stubWindow(null)
  vi.useFakeTimers()
  onTestFinished(() => void vi.useRealTimers())
  const reporting = reportToOpener('unheard', undefined)
  await vi.advanceTimersByTimeAsync(2000)
  expect(await reporting).toBe(false)
  expect(close).not.toHaveBeenCalled()
})

test('the opener acknowledges every report', async () => {
  const popup = channelOf('acknowledged')
  const outcome = createDeferred<PopupOutcome | undefined>()
  const heard = createDeferred<unknown>()
  popup.onmessage = ({ data }) => heard.resolve(data)
  onTestFinished(listenToPopup('acknowledged', outcome.resolve))
  popup.postMessage({
    type: 'finished',
    error: { code: 'access_denied', server: { error: 'access_denied' } },
  })
  expect(await outcome.promise).toEqual({ code: 'access_denied', server: { error: 'access_denied' } })
  expect(await heard.promise).toEqual({ type: 'heard' })
})

test('a code that this version does not know is authorization_failed', async () => {
  const popup = channelOf('newer-version')
  const outcome = createDeferred<PopupOutcome | undefined>()
  onTestFinished(listenToPopup('newer-version', outcome.resolve))
  popup.postMessage({ type: 'something-else' })
  popup.postMessage({ type: 'finished', error: { code: 'moon_phase_wrong' } })
  const { code } = (await outcome.promise) ?? {}
  expect(code).toBe('authorization_failed')
  expect(new TelnyxAuthError(code ?? 'popup_closed').code).toBe('authorization_failed')
})

test.each([
  ['nothing', null],
  ['a closed window', { closed: true }],
])('a browser that opens %s has blocked the window', async (_title, opened) => {
  stubWindow(opened)
  const auth = createTestAuth({ status: 'signed-out' })
  await expect(signInWithPopup(auth)).rejects.toMatchObject({ code: 'popup_blocked' })
  expect(auth.getSnapshot().status).toBe('signed-out')
  await signInWithPopup(auth, { whenBlocked: 'redirect' })
  expect(auth.getSnapshot().status).toBe('signed-in')
})

test('a signal that is aborted already opens no window', async () => {
  stubWindow({
    get closed() {
      throw new Error('A window was opened')
    },
  })
  const signal = AbortSignal.abort(new Error('too late'))
  await expect(signInWithPopup(createTestAuth(), { signal })).rejects.toThrow('too late')
})

test('a signal ends the call at once, and whatever was opened is closed', async () => {
  const close = vi.fn()
  stubWindow({ closed: false, close })
  const auth = { ...createTestAuth(), signIn: () => new Promise<never>(() => {}) }
  const controller = new AbortController()
  const signingIn = signInWithPopup(auth, { signal: controller.signal })
  controller.abort(new Error('changed my mind'))
  await expect(signingIn).rejects.toThrow('changed my mind')
  expect(close).toHaveBeenCalledOnce()
})

test('a window that the user closes is popup_closed, and is watched no longer', async () => {
  const opened = { closed: false, close: () => {}, location: { replace: () => {} } }
  stubWindow(opened)
  vi.stubGlobal('document', { hasFocus: () => true })
  fakeIntervals()
  const { signal } = new AbortController()
  const auth = {
    ...createTestAuth(),
    signIn: async ({ openUrl }: SignInOptions = {}) => {
      await openUrl?.('https://server.example/', { state: 'closed', signal })
    },
  }
  const rejected = expect(signInWithPopup(auth)).rejects.toMatchObject({ code: 'popup_closed' })
  opened.closed = true
  await vi.advanceTimersByTimeAsync(2100)
  await rejected
  expect(vi.getTimerCount()).toBe(0)
})

test('a window is watched no longer when the sign-in waits no longer', async () => {
  stubWindow({ closed: false, close: () => {}, location: { replace: () => {} } })
  fakeIntervals()
  const waiting = new AbortController()
  const auth = {
    ...createTestAuth(),
    signIn: async ({ openUrl }: SignInOptions = {}) => {
      void openUrl?.('https://server.example/', { state: 'done', signal: waiting.signal })
      expect(vi.getTimerCount()).toBe(1)
      waiting.abort()
    },
  }
  await signInWithPopup(auth)
  expect(vi.getTimerCount()).toBe(0)
})

test('a closed window is gone when the person is back, for two seconds on end', async () => {
  const opened = { closed: false, close: () => {} }
  const person = { isHere: false }
  stubWindow(opened)
  vi.stubGlobal('document', { hasFocus: () => person.isHere })
  vi.useFakeTimers()
  onTestFinished(() => void vi.useRealTimers())
  const popup = openPopup(480, 720)
  let isGone = false
  popup?.onGone(() => {
    isGone = true
  })
  const looks: boolean[] = []
  for (const [closed, isHere] of [
    [false, true],
    [true, false],
    [true, true],
  ] as const) {
    Object.assign(opened, { closed })
    Object.assign(person, { isHere })
    await vi.advanceTimersByTimeAsync(1900)
    looks.push(isGone)
  }
  expect(looks, 'open; cut off, the person in it; closed, the person back').toEqual([false, false, false])
  await vi.advanceTimersByTimeAsync(100)
  expect(isGone).toBe(true)
})
