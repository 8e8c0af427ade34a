import { authMethod } from './auth-method.ts'
import { parameters } from './bodies.ts'
import type { OperationInit } from './request.ts'
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
 * @throws {TypeError} if the credentials do not fit the method
 * @see RFC 6749 section 2.3.1
 */
export function authenticatedForm(client: ClientAuthentication, fields: object): OperationInit {
  const { client_id, client_secret } = client
  const method = client.token_endpoint_auth_method ?? (client_secret ? 'client_secret_basic' : 'none')
  assertIs('client_id', client_id, text)
  assertIs('token_endpoint_auth_method', method, authMethod)
  if (method === 'none') return { method: 'POST', body: parameters({ ...fields, client_id }) }
  assertIs('client_secret', client_secret, text)
  if (method !== 'client_secret_basic')
    return { method: 'POST', body: parameters({ ...fields, client_id, client_secret }) }
  // Both parts form-urlencoded, so that the only = is the one between them.
  const pair = `${parameters({ [client_id]: client_secret })}`.replace('=', ':')
  return { method: 'POST', body: parameters(fields), headers: { authorization: `Basic ${btoa(pair)}` } }
}
