// What the members of the two metadata documents mean, for people who have not read RFC 8414 and RFC 9728.
const WORDS: Readonly<Record<string, string>> = {
  issuer: 'The name of the server. Tokens and answers must carry exactly this.',
  authorization_endpoint: 'Where the browser goes so that a person can sign in and allow.',
  token_endpoint: 'Where codes and refresh tokens are traded for tokens.',
  introspection_endpoint: 'Where a confidential client asks whether a token is still good.',
  registration_endpoint: 'Where an app registers itself.',
  revocation_endpoint: 'Where tokens are given back.',
  pushed_authorization_request_endpoint: 'Where a sign-in is announced before the browser leaves.',
  jwks_uri: 'Where the public keys are that signatures are checked with.',
  response_types_supported: 'What a sign-in may ask for. A browser app asks for a code.',
  response_modes_supported: 'How the answer to a sign-in may come back.',
  grant_types_supported: 'What may be traded for a token.',
  code_challenge_methods_supported: 'How PKCE may be done. S256 is the safe way.',
  token_endpoint_auth_methods_supported: 'How a client may prove who it is. none is for public clients.',
  scopes_supported: 'What can be asked for.',
  protected_resources: 'The resources whose tokens come from here.',
  resource: 'The name of the resource: what tokens for it are meant for.',
  resource_name: 'What people call it.',
  authorization_servers: 'Who may issue tokens for it.',
  bearer_methods_supported: 'How a token may be sent. header is the only safe way.',
  dpop_signing_alg_values_supported: 'How proofs of possession may be signed.',
  authorization_response_iss_parameter_supported: 'Whether answers to sign-ins carry the name of the server.',
}

/** What a member of a metadata document means; undefined where this console has no words for it. */
export function wordsForMember(name: string): string | undefined {
  return Object.hasOwn(WORDS, name) ? WORDS[name] : undefined
}
