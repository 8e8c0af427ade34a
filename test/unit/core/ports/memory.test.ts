import { describe } from 'vitest'
import { systemClock } from '../../../../packages/core/src/ports/clock.ts'
import {
  type MemoryChannels,
  type MemoryLocks,
  memoryChannel,
  memoryLock,
  memoryPage,
  memoryStorage,
} from '../../../../packages/core/src/ports/memory.ts'
import { testChannel } from '../../../port-contracts/channel.ts'
import { testClock } from '../../../port-contracts/clock.ts'
import { testLock } from '../../../port-contracts/lock.ts'
import { testPage } from '../../../port-contracts/page.ts'
import { testStorage } from '../../../port-contracts/storage.ts'
import { createSimulatedClock } from '../../../support/simulated-clock.ts'
import { createSimulatedPage } from '../../../support/simulated-page.ts'

describe('a storage in memory', () => {
  testStorage(() => {
    const records = new Map<string, unknown>()
    return [memoryStorage(records), memoryStorage(records)]
  })
})

describe('a lock in memory', () => {
  testLock(() => {
    const locks: MemoryLocks = new Map()
    const create = () => memoryLock(locks, systemClock.setTimer)
    return [create(), create()]
  })
})

describe('a channel in memory', () => {
  const channels: MemoryChannels = new Map()
  testChannel((name) => memoryChannel(channels, name))
})

describe('the clock of the machine', () => {
  const pass = (ms: number) => new Promise<void>((resolve) => void systemClock.setTimer(ms, resolve))
  testClock(() => ({ clock: systemClock, pass }))
})

describe('the simulated clock', () => {
  testClock(() => {
    const clock = createSimulatedClock()
    return { clock, pass: clock.advance }
  })
})

describe('a page in memory', () => {
  testPage(() => {
    const page = memoryPage()
    return { page, show: page.wake, act: page.act }
  })
})

describe('the simulated page', () => {
  testPage(() => {
    const page = createSimulatedPage()
    return { page, show: page.wake, act: page.act }
  })
})
