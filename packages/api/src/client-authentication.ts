import { authMethod } from './auth-method.ts'
import { parameters } from './bodies.ts'
import type { Operation } from './request.ts'
import { assertIs, text } from './validation.ts'

/** Who asks for a token. What `registerOAuthClient` or `createOAuthClient` returns may be passed as it is. */
export interface ClientAuthentication {
  readonly client_id: string
  /** Never in a browser: a public client has none. */
  readonly client_secret?: string | null | undefined
  /**
   * `client_secret_basic`, `client_secret_post` or `none`.
   * @default 'client_secret_basic' with a secret, 'none' without
   */
  readonly token_endpoint_auth_method?: string | undefined
}

/**
 * A form POST that carries the client's credentials. With `none` it needs no CORS preflight.
 *
 * @param secrets - values among the fields that no error may repeat
 * @throws {TypeError} if the credentials do not fit the method
 * @see RFC 6749 section 2.3.1
 */
export function authenticatedForm(
  client: ClientAuthentication,
  fields: object,
  ...secrets: readonly unknown[]
): Pick<Operation<never>, 'init' | 'isPublic' | 'secrets'> {
  const { client_id, client_secret } = client
  const method = client.token_endpoint_auth_method ?? (client_secret ? 'client_secret_basic' : 'none')
  assertIs('client_id', client_id, text)
  assertIs('token_endpoint_auth_method', method, authMethod)
  if (method !== 'none') assertIs('client_secret', client_secret, text)
  const isBasic = method === 'client_secret_basic'
  const body = {
    ...fields,
    ...(!isBasic && { client_id }),
    ...(method === 'client_secret_post' && { client_secret }),
  }
  // Both parts form-urlencoded, so that the only = is the one between them.
  const pair = isBasic && btoa(`${parameters({ [client_id]: client_secret })}`.replace('=', ':'))
  return {
    init: {
      method: 'POST',
      body: parameters(body),
      ...(pair && { headers: { authorization: `Basic ${pair}` } }),
    },
    isPublic: true,
    secrets: [...secrets, client_secret, pair],
  }
}
