import type { ClientRegistrationInput, GrantType, TokenEndpointAuthMethod } from '@telnyx-oauth/api'
import type { FieldProblems } from '../../words/field-problems.ts'

/** What stands in the form, named as on the wire; a redirect URI a line, and nothing entered is an empty string. */
export interface RegistrationDraft {
  readonly client_name: string
  readonly redirect_uris: string
  readonly token_endpoint_auth_method: TokenEndpointAuthMethod
  readonly grant_types: readonly GrantType[]
  readonly scope: readonly string[]
  readonly logo_uri: string
  readonly policy_uri: string
  readonly tos_uri: string
}

/** An app in a browser: no secret, and a session that is renewed. */
export const BROWSER_APP: RegistrationDraft = {
  client_name: '',
  redirect_uris: '',
  token_endpoint_auth_method: 'none',
  grant_types: ['authorization_code', 'refresh_token'],
  scope: [],
  logo_uri: '',
  policy_uri: '',
  tos_uri: '',
}

/** What the server is asked for. What is empty is left to its defaults. */
export function inputOf(draft: RegistrationDraft): ClientRegistrationInput {
  const { token_endpoint_auth_method, grant_types, redirect_uris, scope } = draft
  const texts = (['client_name', 'logo_uri', 'policy_uri', 'tos_uri'] as const)
    .map((name) => [name, draft[name].trim()] as const)
    .filter(([, text]) => text)
  return {
    redirect_uris: linesOf(redirect_uris),
    token_endpoint_auth_method,
    grant_types,
    response_types: grant_types.includes('authorization_code') ? ['code'] : [],
    ...(scope.length > 0 && { scope: scope.join(' ') }),
    ...Object.fromEntries(texts),
  }
}

/** What the server would refuse, found before it is asked: it may be asked five times an hour. */
export function problemsOf(draft: RegistrationDraft): FieldProblems {
  const { redirect_uris, grant_types, token_endpoint_auth_method } = draft
  const uris = linesOf(redirect_uris)
  const wrong = uris.find((uri) => !URL.canParse(uri) || uri.includes('#'))
  const problems = {
    redirect_uris: wrong
      ? `“${wrong}” is not an absolute URI without a fragment.`
      : uris.length === 0 && grant_types.includes('authorization_code')
        ? 'Enter at least one: the authorization code is sent there.'
        : '',
    grant_types:
      grant_types.length === 0
        ? 'Choose at least one: without a grant type no token can be had.'
        : token_endpoint_auth_method === 'none' && grant_types.includes('client_credentials')
          ? 'Client credentials need a secret, and this client has none.'
          : '',
    ...Object.fromEntries(
      (['logo_uri', 'policy_uri', 'tos_uri'] as const).map((name) => {
        const uri = draft[name].trim()
        return [name, uri && !URL.canParse(uri) ? 'Enter an absolute URI.' : '']
      }),
    ),
  }
  return Object.fromEntries(Object.entries(problems).filter(([, problem]) => problem))
}

function linesOf(text: string): readonly string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)
}
