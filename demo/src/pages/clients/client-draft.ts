import type {
  GrantType,
  OAuthClient,
  OAuthClientCreateInput,
  OAuthClientUpdateInput,
} from '@telnyx-oauth/api'
import type { FieldProblems } from '../../words/field-problems.ts'

/** What stands in the form, named as on the wire; a redirect URI a line, and nothing chosen is an empty string. */
export interface ClientDraft {
  readonly name: string
  readonly client_type: OAuthClient['client_type']
  readonly allowed_grant_types: readonly GrantType[]
  readonly allowed_scopes: readonly string[]
  readonly redirect_uris: string
  readonly require_pkce: boolean
  readonly logo_uri: string
  readonly policy_uri: string
  readonly tos_uri: string
}

/** A page's client, as the recommendations for browser apps want it. */
export const NEW_CLIENT: ClientDraft = {
  name: '',
  client_type: 'public',
  allowed_grant_types: ['authorization_code', 'refresh_token'],
  allowed_scopes: [],
  redirect_uris: '',
  require_pkce: true,
  logo_uri: '',
  policy_uri: '',
  tos_uri: '',
}

export const LINKS = ['logo_uri', 'policy_uri', 'tos_uri'] as const

/** A client as the form shows it. */
export function draftOf(client: OAuthClient): ClientDraft {
  const { name, client_type, require_pkce } = client
  return {
    name,
    client_type,
    require_pkce,
    allowed_grant_types: client.allowed_grant_types ?? [],
    allowed_scopes: client.allowed_scopes ?? [],
    redirect_uris: client.redirect_uris?.join('\n') ?? '',
    logo_uri: client.logo_uri ?? '',
    policy_uri: client.policy_uri ?? '',
    tos_uri: client.tos_uri ?? '',
  }
}

/** What the API is asked to create. */
export function createInputOf(draft: ClientDraft): OAuthClientCreateInput {
  const { name, client_type, allowed_grant_types, allowed_scopes, require_pkce } = draft
  const links = LINKS.map((link) => [link, draft[link].trim()]).filter(([, uri]) => uri)
  return {
    name: name.trim(),
    client_type,
    allowed_grant_types,
    allowed_scopes,
    redirect_uris: linesOf(draft.redirect_uris),
    require_pkce,
    ...Object.fromEntries(links),
  }
}

/** What the API is asked to change: all of it, so that nothing is lost should `PUT` replace rather than change. */
export function updateInputOf(draft: ClientDraft): OAuthClientUpdateInput {
  const { client_type: _, ...input } = createInputOf(draft)
  return input
}

/** What Telnyx would refuse, found before it is asked. @param saved what stands at Telnyx, of a client that exists */
export function problemsOf(draft: ClientDraft, saved?: ClientDraft): FieldProblems {
  const problems: Readonly<Record<string, string | undefined>> = {
    name: nameProblem(draft),
    allowed_grant_types: grantProblem(draft),
    redirect_uris: redirectProblem(draft),
    ...Object.fromEntries(LINKS.map((link) => [link, linkProblem(draft[link].trim(), saved?.[link])])),
  }
  return Object.fromEntries(
    Object.entries(problems).flatMap(([name, problem]) => (problem ? [[name, problem]] : [])),
  )
}

function nameProblem({ name }: ClientDraft): string | undefined {
  return name.trim() ? undefined : 'Give the client a name: people read it when they are asked.'
}

function grantProblem({ client_type, allowed_grant_types: grants }: ClientDraft): string | undefined {
  if (grants.length === 0) return 'Choose at least one: without a grant type no token can be had.'
  return client_type === 'public' && grants.includes('client_credentials')
    ? 'Client credentials need a secret, and a public client has none.'
    : undefined
}

function redirectProblem({ allowed_grant_types: grants, redirect_uris }: ClientDraft): string | undefined {
  const uris = linesOf(redirect_uris)
  if (uris.length === 0 && grants.includes('authorization_code'))
    return 'Enter at least one: the authorization code is sent there.'
  const wrong = uris.find((uri) => !URL.canParse(uri) || uri.includes('#'))
  return (
    wrong && `“${wrong}” is not an absolute URI without a fragment, such as https://app.example.com/callback.`
  )
}

function linkProblem(uri: string, saved: string | undefined): string | undefined {
  if (!uri) return saved ? `Telnyx can change it, not remove it. It was ${saved}.` : undefined
  return URL.canParse(uri) ? undefined : 'Enter an absolute URI, such as https://app.example.com/terms.'
}

function linesOf(text: string): readonly string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)
}
