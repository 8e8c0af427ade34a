import { createEmulator, type Emulator, type EmulatorOptions } from '@telnyx-oauth/emulator'
import Telnyx from 'telnyx'
import { createWitness, type Witness } from './witness.ts'

export const CONFIDENTIAL = { clientId: 'backend-service', clientSecret: 'backend-secret' } as const
export const API_KEY = 'KEY_EMULATOR_AVA'

/** An emulator, the official SDK pointed at it by `baseURL` alone, and a witness of every answer. */
export interface Bench {
  readonly emulator: Emulator
  readonly telnyx: Telnyx
  readonly witness: Witness
  /** The scope that management needs in this profile. */
  readonly scope: string
  sdk(options: { readonly apiKey: string }): Telnyx
  close(): Promise<void>
}

export async function openBench(options: EmulatorOptions): Promise<Bench> {
  const emulator = createEmulator({
    port: 0,
    clients: [
      {
        clientId: 'telnyx-demo',
        name: 'Telnyx OAuth console',
        redirectUris: ['http://localhost:5173/callback'],
      },
      { ...CONFIDENTIAL, name: 'Backend service', redirectUris: ['https://backend.example/callback'] },
    ],
    ...options,
  })
  await emulator.start()
  const witness = createWitness(() => emulator.url, { mayUseV2Errors: options.profile !== 'spec' })
  witness.watch()
  const sdk = ({ apiKey }: { readonly apiKey: string }): Telnyx =>
    new Telnyx({ apiKey, baseURL: `${emulator.url}/v2`, maxRetries: 0 })
  return {
    emulator,
    telnyx: sdk({ apiKey: API_KEY }),
    witness,
    scope: options.profile === 'spec' ? 'admin' : 'billing.read',
    sdk,
    async close() {
      witness.unwatch()
      await emulator.stop()
    },
  }
}

/** HTTP Basic credentials of a client. */
export function basic({ clientId, clientSecret }: typeof CONFIDENTIAL = CONFIDENTIAL): {
  Authorization: string
} {
  return { Authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}` }
}
