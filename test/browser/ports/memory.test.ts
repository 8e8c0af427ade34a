import { describe } from 'vitest'
import { systemClock } from '../../../packages/core/src/ports/clock.ts'
import {
  type MemoryChannels,
  type MemoryLocks,
  memoryChannel,
  memoryLock,
  memoryPage,
  memoryStorage,
} from '../../../packages/core/src/ports/memory.ts'
import { testChannel } from '../../port-contracts/channel.ts'
import { testLock } from '../../port-contracts/lock.ts'
import { testPage } from '../../port-contracts/page.ts'
import { testStorage } from '../../port-contracts/storage.ts'

describe('in a browser, a storage in memory', () => {
  testStorage(() => {
    const records = new Map<string, unknown>()
    return [memoryStorage(records), memoryStorage(records)]
  })
})

describe('in a browser, a lock in memory', () => {
  testLock(() => {
    const locks: MemoryLocks = new Map()
    const create = () => memoryLock(locks, systemClock.setTimer)
    return [create(), create()]
  })
})

describe('in a browser, a channel in memory', () => {
  const channels: MemoryChannels = new Map()
  testChannel((name) => memoryChannel(channels, name))
})

describe('in a browser, a page in memory', () => {
  testPage(() => {
    const page = memoryPage()
    return { page, show: page.wake, act: page.act }
  })
})
