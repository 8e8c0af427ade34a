import type { GrantType, OAuthClient } from '@telnyx-oauth/api'

type Choice = readonly [label: string, explanation: string]

/** What each type of client is for. */
export const CLIENT_TYPE_WORDS: Readonly<Record<OAuthClient['client_type'], Choice>> = {
  public: ['Public', 'Runs in a browser or on a phone and can keep no secret.'],
  confidential: ['Confidential', 'Runs on a server and proves itself with a secret.'],
}

/** What each grant type lets a client do. */
export const GRANT_TYPE_WORDS: Readonly<Record<GrantType, Choice>> = {
  authorization_code: ['Authorization code', 'Asks people to sign in and to allow access.'],
  refresh_token: ['Refresh token', 'Stays signed in: gets new tokens without asking again.'],
  client_credentials: ['Client credentials', 'Acts in its own name, with nobody signed in.'],
}

/** The grant types of a client as labels, in words. */
export function grantTypesInWords(client: OAuthClient): string {
  return client.allowed_grant_types?.map((type) => GRANT_TYPE_WORDS[type]?.[0] ?? type).join(', ') || 'None'
}
