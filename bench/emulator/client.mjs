import { signInToEmulator } from '../../test/support/emulator-sign-in.ts'

/** @returns a refresh token */
export async function signIn(url) {
  const scope = 'billing.read authentication_and_access.read'
  const { refresh_token: refreshToken } = await signInToEmulator(url, { scope })
  return refreshToken
}

/**
 * One client that refreshes and calls until the time is over.
 *
 * @param {string} url
 * @param {string} refreshToken
 * @param {number} endsAtMs
 * @param {{ requests: number, faults: number, errors: string[] }} tally
 */
export async function useEmulator(url, refreshToken, endsAtMs, tally) {
  let newest = refreshToken
  while (performance.now() < endsAtMs) {
    const tokens = await refreshed(url, newest, tally)
    if (tokens === undefined) return
    newest = tokens.refresh_token
    const headers = { authorization: `Bearer ${tokens.access_token}` }
    for (const path of ['balance', 'oauth/jwks', 'oauth_grants?page[size]=5', 'oauth_clients']) {
      const response = await fetch(`${url}/v2/${path}`, { headers })
      await response.text()
      tally.requests++
      if (response.headers.has('x-fault')) tally.faults++
      else if (!response.ok) tally.errors.push(`${response.status} for ${path}`)
    }
  }
}

/** Asks once more when the connection was cut, as the fault does it after a refresh: the grace period allows that. */
async function refreshed(url, refreshToken, tally) {
  for (let attempt = 0; attempt < 5; attempt++) {
    try {
      tally.requests++
      const form = { grant_type: 'refresh_token', client_id: 'telnyx-demo', refresh_token: refreshToken }
      const response = await fetch(`${url}/v2/oauth/token`, {
        method: 'POST',
        body: new URLSearchParams(form),
      })
      const body = await response.json()
      if (response.ok) return body
      tally.errors.push(`${response.status} ${body.error} for a refresh`)
      return undefined
    } catch {
      tally.faults++
    }
  }
  tally.errors.push('a refresh was cut five times')
  return undefined
}
