// A module of its own, which a bundler drops where an app imports these from core.
export { createTelnyxAuth, isTelnyxAuthError, TelnyxAuthError } from '@telnyx-oauth/core'
