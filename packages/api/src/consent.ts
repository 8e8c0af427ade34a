import { enveloped, having } from './answers.ts'
import { internals, type TelnyxApi } from './api.ts'
import { json } from './bodies.ts'
import type { RequestOptions } from './options.ts'
import { assertFields, flag, pathOf, text } from './validation.ts'

export interface ConsentScope {
  readonly id?: string
  readonly name?: string
  readonly description?: string
}

/** What a consent page shows before it asks. */
export interface ConsentDetails {
  readonly client_id?: string
  /** The client's name. */
  readonly name?: string
  readonly logo_uri?: string | null
  readonly policy_uri?: string | null
  readonly tos_uri?: string | null
  /** Where the user will be sent. */
  readonly redirect_uri?: string
  readonly requested_scopes?: readonly ConsentScope[]
  /** Whether Telnyx has verified the client. */
  readonly verified?: boolean
}

/** The user's answer. The consent token is a secret: who holds it may decide. */
export interface ConsentDecision {
  readonly consent_token: string
  readonly allowed: boolean
}

export interface ConsentRedirect {
  /** The client's redirect URI, with a code or an error in it. Navigate there. */
  readonly redirect_uri: string
}

/** What a consent token asks for. The caller is the user who is asked, not the client that asks. */
export async function getConsentDetails(
  api: TelnyxApi,
  consentToken: string,
  options?: RequestOptions,
): Promise<ConsentDetails> {
  const path = pathOf('oauth/consent', 'consentToken', consentToken)
  return internals(api).send({ path, secrets: [consentToken], read: enveloped<ConsentDetails> }, options)
}

/**
 * Allows or denies what a consent token asks for. Not sent again after a network failure or a 5xx, when it may
 * have been decided already.
 */
export async function createOAuthGrant(
  api: TelnyxApi,
  decision: ConsentDecision,
  options?: RequestOptions,
): Promise<ConsentRedirect> {
  assertFields(decision, { consent_token: text, allowed: flag }, ['consent_token', 'allowed'])
  return internals(api).send(
    {
      path: 'oauth/grants',
      init: json('POST', decision),
      secrets: [decision.consent_token],
      replay: 'refused',
      read: having<ConsentRedirect>('redirect_uri', text),
    },
    options,
  )
}
