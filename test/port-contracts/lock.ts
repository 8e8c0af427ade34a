import { expect, test } from 'vitest'
import type { LockPort } from '../../packages/core/src/ports/lock.ts'
import { createDeferred } from '../support/deferred.ts'

/** Locks of two tabs of one browser. */
export type CreateLocks = () => readonly [LockPort, LockPort]

const patientMs = 10_000

/** What every lock does. Call it inside a `describe`. */
export function testLock(create: CreateLocks): void {
  const uniqueName = (): string => `lock ${crypto.randomUUID()}`

  test('is held while the work goes on, and the work is told so', async () => {
    const [lock] = create()
    const told: boolean[] = []
    await lock.run(uniqueName(), patientMs, async (held) => void told.push(held))
    expect(told).toEqual([true])
  })

  test('is held by one tab at a time, first come first served', async () => {
    const [one, two] = create()
    const name = uniqueName()
    const log: string[] = []
    const [started, release] = [createDeferred(), createDeferred()]
    const first = one.run(name, patientMs, async () => {
      log.push('one begins')
      started.resolve()
      await release.promise
      log.push('one ends')
    })
    await started.promise
    const second = two.run(name, patientMs, async () => void log.push('two'))
    const third = one.run(name, patientMs, async () => void log.push('three'))
    release.resolve()
    await Promise.all([first, second, third])
    expect(log).toEqual(['one begins', 'one ends', 'two', 'three'])
  })

  test('of one name does not keep those of another waiting', async () => {
    const [one, two] = create()
    const [started, release] = [createDeferred(), createDeferred()]
    const first = one.run(uniqueName(), patientMs, () => {
      started.resolve()
      return release.promise
    })
    await started.promise
    const told: boolean[] = []
    await two.run(uniqueName(), patientMs, async (held) => void told.push(held))
    release.resolve()
    await first
    expect(told).toEqual([true])
  })

  test('is let go of when the work fails, and the failure is the caller’s', async () => {
    const [one, two] = create()
    const name = uniqueName()
    const failing = one.run(name, patientMs, () => Promise.reject(new Error('no')))
    await expect(failing).rejects.toThrow('no')
    const told: boolean[] = []
    await two.run(name, patientMs, async (held) => void told.push(held))
    expect(told).toEqual([true])
  })

  test('is not waited for longer than asked: the work then runs without it, and is told so', async () => {
    const [one, two] = create()
    const name = uniqueName()
    const [started, release] = [createDeferred(), createDeferred()]
    const first = one.run(name, patientMs, () => {
      started.resolve()
      return release.promise
    })
    await started.promise
    const told: boolean[] = []
    await two.run(name, 20, async (held) => void told.push(held))
    expect(told).toEqual([false])
    release.resolve()
    await first
    await two.run(name, patientMs, async (held) => void told.push(held))
    expect(told).toEqual([false, true])
  })

  test('once held is not taken away by the time-out', async () => {
    const [one, two] = create()
    const name = uniqueName()
    const log: string[] = []
    const [started, release] = [createDeferred(), createDeferred()]
    const first = one.run(name, 20, async () => {
      started.resolve()
      await release.promise
      log.push('one')
    })
    await started.promise
    // Waits longer than the first one's time-out, in vain.
    await two.run(name, 60, async (held) => void log.push(`two ${held}`))
    release.resolve()
    await first
    expect(log).toEqual(['two false', 'one'])
  })
}
