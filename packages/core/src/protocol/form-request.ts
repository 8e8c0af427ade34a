import type { Transport } from './transport.ts'

/** Sends a form to `endpoint` as a public client, which only names itself. Follows no redirect. @see RFC 6749 section 3.2.1 */
export function postForm(
  { fetch, clientId }: Transport,
  endpoint: unknown,
  parameters: URLSearchParams | Readonly<Record<string, string>>,
  init?: RequestInit,
): Promise<Response> {
  const body = new URLSearchParams(parameters)
  body.set('client_id', clientId)
  return fetch(String(endpoint), {
    ...init,
    method: 'POST',
    headers: {
      accept: 'application/json',
      'content-type': 'application/x-www-form-urlencoded;charset=UTF-8',
    },
    body,
    redirect: 'manual',
  })
}
