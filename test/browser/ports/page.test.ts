import { afterEach, describe, expect, test, vi } from 'vitest'
import { systemClock } from '../../../packages/core/src/ports/clock.ts'
import { browserPage } from '../../../packages/core/src/ports/page.ts'
import { testClock } from '../../port-contracts/clock.ts'
import { testPage } from '../../port-contracts/page.ts'

const show = () => document.dispatchEvent(new Event('visibilitychange'))

afterEach(() => {
  vi.restoreAllMocks()
})

describe('the page of a browser', () => {
  testPage(() => ({
    page: browserPage,
    show,
    act: () => dispatchEvent(new PointerEvent('pointerdown')),
  }))

  const listen = () => {
    const told: string[] = []
    const stop = browserPage.onWake(
      (cause) => told.push(cause),
      () => told.push('freeze'),
    )
    return { told, stop }
  }

  test('tells that it is online, was taken out of the back/forward cache, or is no longer frozen', () => {
    const { told, stop } = listen()
    dispatchEvent(new Event('online'))
    dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))
    document.dispatchEvent(new Event('freeze'))
    document.dispatchEvent(new Event('resume'))
    stop()
    expect(told).toEqual(['online', 'visible', 'freeze', 'visible'])
  })

  test('does not tell that it has been loaded: nothing can have been missed', () => {
    const { told, stop } = listen()
    dispatchEvent(new PageTransitionEvent('pageshow', { persisted: false }))
    stop()
    expect(told).toEqual([])
  })

  test('says nothing while it is hidden', () => {
    vi.spyOn(document, 'visibilityState', 'get').mockReturnValue('hidden')
    const { told, stop } = listen()
    show()
    dispatchEvent(new Event('online'))
    stop()
    expect([told, browserPage.isVisible()]).toEqual([[], false])
  })

  test('tells routers of a new URL when it is asked to, and only then', () => {
    const before = browserPage.href()
    const states: unknown[] = []
    const hear = () => states.push(new URL(browserPage.href()).pathname)
    addEventListener('popstate', hear)
    browserPage.replace('/silent')
    browserPage.replace('/announced', true)
    removeEventListener('popstate', hear)
    browserPage.replace(before)
    expect(states).toEqual(['/announced'])
  })

  test('keeps the state that a router put into the history', () => {
    const before = browserPage.href()
    history.replaceState({ router: 1 }, '')
    browserPage.replace('/elsewhere')
    expect(history.state).toEqual({ router: 1 })
    browserPage.replace(before)
    history.replaceState(null, '')
  })

  test('goes on without notes where site data is blocked', () => {
    vi.spyOn(Storage.prototype, 'getItem').mockImplementation(() => {
      throw new DOMException('blocked', 'SecurityError')
    })
    vi.spyOn(Storage.prototype, 'setItem').mockImplementation(() => {
      throw new DOMException('blocked', 'SecurityError')
    })
    browserPage.remember('note', 'one')
    expect(browserPage.recall('note')).toBeUndefined()
  })
})

describe('the clock of a browser', () => {
  const pass = (ms: number) => new Promise<void>((resolve) => void systemClock.setTimer(ms, resolve))
  testClock(() => ({ clock: systemClock, pass }))
})
