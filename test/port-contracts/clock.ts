import { expect, test } from 'vitest'
import type { ClockPort } from '../../packages/core/src/ports/clock.ts'

/** A clock, and a way to let time pass on it. */
export interface ClockStage {
  readonly clock: ClockPort
  readonly pass: (ms: number) => Promise<void>
}

/** What every clock does. Call it inside a `describe`. */
export function testClock(create: () => ClockStage): void {
  test('tells the time in milliseconds since 1970', () => {
    const { clock } = create()
    expect(clock.now()).toBeGreaterThan(Date.UTC(2020, 0, 1))
    expect(clock.now()).toBeLessThan(Date.UTC(2100, 0, 1))
  })

  test('measures what passes, and never goes back', async () => {
    const { clock, pass } = create()
    const [now, elapsed] = [clock.now(), clock.elapsedMs()]
    await pass(20)
    // Browsers round both to protect against timing attacks.
    expect(clock.now() - now).toBeGreaterThanOrEqual(15)
    expect(clock.elapsedMs() - elapsed).toBeGreaterThanOrEqual(15)
  })

  test('calls once, when the time is up and not before', async () => {
    const { clock, pass } = create()
    const calls: number[] = []
    const start = clock.elapsedMs()
    clock.setTimer(30, () => calls.push(clock.elapsedMs() - start))
    expect(calls).toEqual([])
    await pass(100)
    expect(calls).toHaveLength(1)
    expect(calls[0]).toBeGreaterThanOrEqual(25)
  })

  test('calls in the order in which times are up', async () => {
    const { clock, pass } = create()
    const calls: string[] = []
    clock.setTimer(40, () => calls.push('late'))
    clock.setTimer(10, () => calls.push('early'))
    await pass(120)
    expect(calls).toEqual(['early', 'late'])
  })

  test('does not call what was cancelled, however often', async () => {
    const { clock, pass } = create()
    let calls = 0
    const cancel = clock.setTimer(10, () => {
      calls += 1
    })
    cancel()
    cancel()
    await pass(60)
    expect(calls).toBe(0)
  })

  test('has numbers from 0 to below 1', () => {
    const { clock } = create()
    for (let n = 0; n < 100; n++) {
      const number = clock.random()
      expect(number >= 0 && number < 1).toBe(true)
    }
  })
}
