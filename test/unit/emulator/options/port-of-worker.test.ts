import { expect, test } from 'vitest'
import { portOfWorker } from '../../../../packages/emulator/src/options/port-of-worker.ts'

test.each([
  [undefined, 0, 4010],
  [undefined, 1, 4011],
  [5000, 0, 5000],
  [5000, 3, 5003],
  [0, 0, 0],
  [0, 1, 0],
])('with the option port %s, worker %i has the port %i', (port, index, expected) => {
  expect(portOfWorker(port, index)).toBe(expected)
})
