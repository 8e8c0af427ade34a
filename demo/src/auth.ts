import { createTelnyxAuth, type TelnyxAuth } from '@telnyx-oauth/core'
import { config } from './config.ts'
import { createEventLog, type EventLog } from './events/event-log.ts'
import { router } from './router.ts'

/** The session of this app. Nothing happens until somebody subscribes or calls. */
export const auth: TelnyxAuth = createTelnyxAuth({
  issuer: config.issuer,
  clientId: config.clientId,
  redirectUri: '/callback',
  scope: config.scope,
  allowedUrls: [config.apiBase],
  navigate: (path) => void router.navigate(path, { replace: true }),
})

/** What the session has reported. It listens before React mounts: the first events are those of the start. */
export const eventLog: EventLog = createEventLog(auth)
