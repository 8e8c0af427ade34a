import { afterEach, expect, test } from 'vitest'
import type { PagePort } from '../../packages/core/src/ports/page.ts'

/** A page, and what a person or the browser does to it. */
export interface PageStage {
  readonly page: PagePort
  /** The page is shown again. */
  readonly show: () => void
  /** The person clicks or types. */
  readonly act: () => void
}

/** What every page does. Call it inside a `describe`. */
export function testPage(create: () => PageStage): void {
  const stops: (() => void)[] = []
  afterEach(() => {
    for (const stop of stops.splice(0)) stop()
  })

  test('is at a URL, in the open and secure', () => {
    const { page } = create()
    expect(URL.canParse(page.href())).toBe(true)
    expect([page.isVisible(), page.isSecure()]).toEqual([true, true])
  })

  test('shows another URL in place of its own, and stays', () => {
    const { page } = create()
    const before = page.href()
    stops.push(() => page.replace(before))
    page.replace('/callback?mine=1#part')
    expect(page.href()).toBe(`${new URL(before).origin}/callback?mine=1#part`)
    page.replace('/inbox', true)
    expect(page.href()).toBe(`${new URL(before).origin}/inbox`)
  })

  test('leaves for a URL', () => {
    const { page } = create()
    const before = page.href()
    stops.push(() => page.replace(before))
    // A fragment, because a real page that left for anything else would take the test along.
    const target = new URL('#there', before).href
    page.navigate(target)
    expect(page.href()).toBe(target)
  })

  test('notes texts for this tab, until it is told to forget them', () => {
    const { page } = create()
    expect(page.recall('note')).toBeUndefined()
    page.remember('note', 'one')
    page.remember('other', '')
    page.remember('note', 'two')
    expect([page.recall('note'), page.recall('other')]).toEqual(['two', ''])
    for (const name of ['note', 'other']) page.remember(name, undefined)
    expect([page.recall('note'), page.recall('other')]).toEqual([undefined, undefined])
  })

  test('tells everyone who listens that it is shown again, until they stop', () => {
    const { page, show } = create()
    const told: string[] = []
    const listen = (name: string) =>
      page.onWake(
        (cause) => told.push(`${name} ${cause}`),
        () => {},
      )
    const [stopOne, stopTwo] = [listen('one'), listen('two')]
    stops.push(stopOne, stopTwo)
    show()
    stopOne()
    show()
    stopTwo()
    show()
    expect(told).toEqual(['one visible', 'two visible', 'two visible'])
  })

  test('tells that somebody does something, until nobody listens', () => {
    const { page, act } = create()
    let acts = 0
    const stop = page.onActivity(() => {
      acts += 1
    })
    stops.push(stop)
    act()
    act()
    stop()
    act()
    expect(acts).toBe(2)
  })
}
