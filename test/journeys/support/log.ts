import type { Emulator, EndpointName, LoggedRequest } from '@telnyx-oauth/emulator'

/** What reached the server, in order; preflights left out. */
export function endpointsOf(emulator: Emulator): readonly EndpointName[] {
  return emulator.requests().map(({ endpoint }) => endpoint)
}

/** What reached an endpoint: method and status, in order. */
export function callsOf(emulator: Emulator, endpoint: EndpointName): readonly string[] {
  return emulator.requests({ endpoint }).map(({ method, status }) => `${method} ${status}`)
}

/** The refresh requests that reached the server, in order. */
export function refreshesOf(emulator: Emulator): readonly LoggedRequest[] {
  return emulator.requests({ endpoint: 'token', grant: 'refresh_token' })
}

/** How often each refresh token was sent, in the order of first use. */
export function sendsPerToken(emulator: Emulator): readonly number[] {
  const sends = new Map<string, number>()
  for (const { params } of refreshesOf(emulator)) {
    const token = params.refresh_token ?? ''
    sends.set(token, (sends.get(token) ?? 0) + 1)
  }
  return [...sends.values()]
}
