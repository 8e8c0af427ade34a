import { createTelnyxAuth, type TelnyxAuth } from '@telnyx-oauth/core'
import { config } from './config.ts'

/** The session of this app. Nothing happens until somebody subscribes or calls. */
export const auth: TelnyxAuth = createTelnyxAuth({
  issuer: config.issuer,
  clientId: config.clientId,
  redirectUri: '/callback',
  scope: config.scope,
  resources: [config.apiBase],
})
