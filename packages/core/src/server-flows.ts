// The flows that talk to the authorization server, in one chunk that is loaded right behind the first paint: a page
// that restores a session needs none of it yet. One chunk, because a chunk that fails to load may stay failed until the
// page is reloaded (whatwg/html#6768), and then no refresh may find only half of its code.
export { finishCallback, resumeCallback } from './flows/callback.ts'
export { refresh, refreshFor } from './flows/refresh/refresh.ts'
export { refreshAcrossTabs } from './flows/refresh/refresh-across-tabs.ts'
export { scheduleRefresh, wake } from './flows/refresh/schedule-refresh.ts'
export { requestDocument } from './flows/server/discover.ts'
export { loadProver } from './flows/server/with-dpop.ts'
export { finishSignOut } from './flows/session/finish-sign-out.ts'
export { recordActivity } from './flows/session/record-activity.ts'
export { revokeSession } from './flows/session/revoke.ts'
export { keepUnsaved } from './flows/session/save-session.ts'
export { signIn } from './flows/sign-in.ts'
// For the diagnosis, which takes its requests from here: its own imports would be cut out of this chunk.
export { revoke } from './protocol/revocation.ts'
export { exchangeCode } from './protocol/tokens.ts'
