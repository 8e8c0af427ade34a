import type { TelnyxAuthOptions } from './options.ts'
import type { TelnyxAuth } from './telnyx-auth.ts'

export function createTelnyxAuth(_options: TelnyxAuthOptions): TelnyxAuth {
  throw new Error('not built yet')
}
