import { describe } from 'vitest'
import { webLock } from '../../../packages/core/src/ports/lock.ts'
import { testLock } from '../../port-contracts/lock.ts'

describe('a Web Lock', () => {
  testLock(() => [webLock(), webLock()])
})
