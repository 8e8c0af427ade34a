import type { AuthorizationServerMetadata } from '@telnyx-oauth/api'

/** Something that a browser app needs of its authorization server, or would like. */
export interface Requirement {
  /** What is there, or is not: a sentence either way. */
  readonly sentence: string
  readonly result: 'met' | 'missing' | 'optional'
}

type Metadata = Readonly<Record<string, unknown>>

const has = (list: unknown, value: string): boolean => Array.isArray(list) && list.includes(value)

/** What a sign-in cannot do without. */
const needed: readonly (readonly [isMet: (metadata: Metadata) => boolean, met: string, missing: string])[] = [
  [
    (metadata) => !!metadata.authorization_endpoint && !!metadata.token_endpoint,
    'It says where people sign in and where tokens come from.',
    'It does not name both the authorization and the token endpoint: nobody can sign in.',
  ],
  [
    ({ code_challenge_methods_supported: methods }) => has(methods, 'S256'),
    'It knows PKCE with S256, so a stolen code is worth nothing.',
    'It does not announce PKCE with S256: this console refuses to sign in there.',
  ],
  [
    // RFC 8414 section 2: left out, it means the two grants of RFC 6749 that begin at the authorization endpoint.
    ({ grant_types_supported: types = ['authorization_code'] }) => has(types, 'authorization_code'),
    'It grants tokens for authorization codes.',
    'It does not grant tokens for authorization codes.',
  ],
  [
    ({ token_endpoint_auth_methods_supported: methods }) => has(methods, 'none'),
    'It serves public clients, which have no secret.',
    'It does not say that it serves public clients, which have no secret.',
  ],
]

/** What makes a session better. */
const welcome: readonly (readonly [isMet: (metadata: Metadata) => boolean, met: string, missing: string])[] =
  [
    [
      ({ grant_types_supported: types }) => has(types, 'refresh_token'),
      'It renews tokens, so a session can outlive its first one.',
      'It does not announce refresh tokens: a session may end with its first token.',
    ],
    [
      (metadata) => metadata.authorization_response_iss_parameter_supported === true,
      'It signs its answers with iss, against mix-ups of two servers (RFC 9207).',
      'It does not put iss into its answers; that matters to apps with several servers (RFC 9207).',
    ],
    [
      ({ dpop_signing_alg_values_supported: algorithms }) => has(algorithms, 'ES256'),
      'It binds tokens to a key of this browser (DPoP, RFC 9449).',
      'It knows no DPoP: whoever has the token can use it (RFC 9449).',
    ],
    [
      (metadata) => !!metadata.revocation_endpoint,
      'Signing out revokes the tokens there (RFC 7009).',
      'It has no revocation endpoint (RFC 7009): grants are revoked on the page of connected apps.',
    ],
    [
      (metadata) => !!metadata.pushed_authorization_request_endpoint,
      'Sign-ins are pushed to it and stay out of the URL (RFC 9126).',
      'It takes no pushed authorization requests (RFC 9126).',
    ],
  ]

/** What of all that the metadata says, the needed things first. */
export function readinessOf(document: AuthorizationServerMetadata): readonly Requirement[] {
  const metadata = { ...document } as Metadata
  return [
    ...needed.map(
      ([isMet, met, missing]): Requirement =>
        isMet(metadata) ? { result: 'met', sentence: met } : { result: 'missing', sentence: missing },
    ),
    ...welcome.map(
      ([isMet, met, missing]): Requirement =>
        isMet(metadata) ? { result: 'met', sentence: met } : { result: 'optional', sentence: missing },
    ),
  ]
}
