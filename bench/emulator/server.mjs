// The emulator under load, in a process of its own: faults keep coming, and its memory is told every second.
import { createEmulator } from '../../packages/emulator/src/index.ts'

const emulator = createEmulator({
  port: 0,
  rateLimits: false,
  stateFile: process.argv[2],
  // So short that as many tokens expire as are issued: memory that grows then is a leak. On a machine that is busy with
  // other work clients may find their tokens expired. The grace period lets a client ask again for a lost response.
  accessTokenLifetimeSeconds: 8,
  refreshTokenLifetimeSeconds: 8,
  refreshGracePeriodSeconds: 30,
})
await emulator.start()

const headers = { 'x-fault': '1' }
setInterval(() => {
  emulator.fail('balance', { status: 503, headers, times: 1 })
  emulator.fail('jwks', { status: 502, headers, body: '<h1>Bad gateway</h1>', times: 1 })
  emulator.fail('grants', { delayMs: 50, times: 1 })
  emulator.fail('token', { when: 'after', drop: true, grant: 'refresh_token', times: 1 })
  // A log of every request would grow up to its limit of 20,000 while memory is measured.
  emulator.clearRequests()
}, 500).unref()
setInterval(() => {
  globalThis.gc()
  process.send({ heapMb: process.memoryUsage().heapUsed / 1e6, rssMb: process.memoryUsage().rss / 1e6 })
}, 1_000).unref()
process.once('message', () => void emulator.stop().then(() => process.disconnect()))
process.send({ url: emulator.url })
