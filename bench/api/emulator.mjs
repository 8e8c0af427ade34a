import { createEmulator } from '../../packages/emulator/src/index.ts'

const emulator = createEmulator({ port: 0, rateLimits: false, seed: { clients: Number(process.argv[2]) } })
await emulator.start()
// A log of every request would grow while others are measured.
setInterval(() => emulator.clearRequests(), 500).unref()
process.send(`${emulator.url}/v2`)
