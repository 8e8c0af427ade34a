import { decodeJwt } from 'jose'
import type { EmulatorContext } from '../context.ts'
import type { Context } from '../http/http.ts'
import { basicCredentials } from '../http/params.ts'

/** Paths whose last segment is the id of an interaction. */
const OF_INTERACTION: ReadonlySet<string> = new Set(['authorize-resume', 'sign-in'])

/**
 * The client that a request comes from: named by a parameter or by its credentials, else the one that a valid access
 * token was issued to, that began a sign-in, or that an ID token is for.
 */
export async function clientOf(
  { store, tokens }: Pick<EmulatorContext, 'store' | 'tokens'>,
  { state, headers }: Pick<Context, 'state' | 'headers'>,
): Promise<string | undefined> {
  const { endpoint, id, params } = state
  const named = params.client_id ?? basicCredentials(headers)?.id
  if (named !== undefined) return named
  if (OF_INTERACTION.has(endpoint)) {
    const { client_id: client } = store.find('Interaction', id)?.params ?? {}
    return typeof client === 'string' ? client : undefined
  }
  if (endpoint === 'end-session') return audienceOf(params.id_token_hint)
  const [, token] = /^(?:Bearer|DPoP) (\S+)$/i.exec(headers.authorization ?? '') ?? []
  return token === undefined ? undefined : (await tokens.find(token))?.clientId
}

function audienceOf(idToken = ''): string | undefined {
  try {
    return [decodeJwt(idToken).aud].flat()[0]
  } catch {
    return undefined
  }
}
