import type { TelnyxAuthError } from '../errors.ts'
import type { Finding, FindingCheck } from '../finding.ts'
import { absoluteRedirectUri } from '../model/urls.ts'
import { newCodeVerifier } from '../protocol/authorization.ts'
import type { Metadata } from '../protocol/transport.ts'
import { exchangeCode, revoke } from '../server-flows.ts'
import { type Answer, type Attempt, ask, askWithLess, refusesHeader, shown, silent } from './ask.ts'
import { type Examination, ok, problem, type ServersExamined, unknown, warning } from './examination.ts'
import { proving } from './proofs.ts'

/** Stands where a code or a token would: nobody issued it, so it is worth nothing, and nothing is lost with it. */
export const madeUp = 'telnyx-oauth-diagnosis'

const redirects = [0, 301, 302, 303, 307, 308]

/** What is wrong with an answer that can be read, whatever it says. */
export function unusable(
  check: FindingCheck,
  name: string,
  { url, response }: { readonly url: string; readonly response: Response },
): Finding | undefined {
  const { status } = response
  const subject = `${name} (${shown(url)})`
  if (status === 429 || status >= 500) {
    return warning(
      check,
      `${subject} can be read, but answers with status ${status} now.`,
      'Try again later.',
    )
  }
  if (redirects.includes(status)) {
    return problem(check, `${subject} answers with a redirect, which is not followed.`, 'Name its final URL.')
  }
  return undefined
}

/** What the token endpoint thinks of the client that asked. */
function examineClient(error: TelnyxAuthError | undefined): Finding {
  const word = error?.server?.error ?? ''
  if (['invalid_client', 'unauthorized_client'].includes(word)) {
    return problem(
      'client',
      `The token endpoint refuses this client id (${word}): it does not know it, or wants a secret of it.`,
      'Register a public client: token_endpoint_auth_method "none", grant types authorization_code and refresh_token.',
    )
  }
  if (word === 'invalid_grant') return ok('client', 'The token endpoint has no objection to this client id.')
  return unknown('client', 'Whether the server knows this client id cannot be determined from its answer.')
}

/** Sends a code that nobody issued, as a sign-in would send its own: the answer is an error, if one can read it. */
async function examineToken(
  examination: Examination,
  metadata: Metadata,
  { prover }: ServersExamined,
): Promise<readonly Finding[]> {
  const name = 'The token endpoint'
  const verifier = newCodeVerifier()
  const { context, origin } = examination
  const redirectUri = absoluteRedirectUri(context.options.redirectUri, origin)
  const exchange: Attempt['send'] = (transport) =>
    exchangeCode(transport, metadata, madeUp, { redirectUri, verifier })
  const { answer, lacks } = await askWithLess(
    examination,
    prover
      ? [{ send: (transport) => exchange(proving(prover, transport)) }, { lacks: 'DPoP', send: exchange }]
      : [{ send: exchange }],
    [madeUp, verifier],
  )
  const noClient = unknown('client', 'Whether the server knows this client id cannot be determined.')
  if (answer.silence) return [silent(examination, 'token-endpoint', name, answer), noClient]
  const fault = unusable('token-endpoint', name, answer)
  if (fault) return [fault, noClient]
  const finding = lacks ? refusesHeader('token-endpoint', name, answer.url, lacks) : judgeToken(answer)
  return [finding, examineClient(answer.error)]
}

function judgeToken({ url, response, error }: Extract<Answer, { readonly response: Response }>): Finding {
  const subject = `The token endpoint (${shown(url)})`
  if (error?.server?.error) {
    return ok('token-endpoint', `${subject} lets this page read its answers.`)
  }
  return problem(
    'token-endpoint',
    `${subject} does not answer as one: it took a code that nobody issued with status ${response.status}.`,
    'Check the token_endpoint of the metadata, and any proxy before it.',
  )
}

/** Revokes a token that nobody issued, which succeeds (RFC 7009 section 2.2). */
async function examineRevocation(examination: Examination, metadata: Metadata): Promise<Finding> {
  const check = 'revocation-endpoint'
  const name = 'The revocation endpoint'
  if (examination.context.options.onRevoke) {
    return unknown(check, 'Whether onRevoke of the app works cannot be determined without a token.')
  }
  if (!metadata.revocation_endpoint) {
    return warning(
      check,
      'The server offers no revocation: after a sign-out, tokens that leaked stay valid until they expire.',
      "Revoke in the server's own way: option onRevoke.",
    )
  }
  const { now } = examination.context.clock
  const answer = await ask(examination, (transport) => revoke(transport, metadata, madeUp, now), [madeUp])
  if (answer.silence) return silent(examination, check, name, answer)
  const fault = unusable(check, name, answer)
  if (fault) return fault
  const { url, response } = answer
  if (response.ok) return ok(check, `${name} (${shown(url)}) works, and lets this page read its answers.`)
  return warning(
    check,
    `${name} (${shown(url)}) refuses what this client sends: status ${response.status}.`,
    'Have its operator let public clients revoke their tokens.',
  )
}

/** The endpoints that a sign-in, a refresh and a sign-out talk to. */
export async function examineEndpoints(
  examination: Examination,
  servers: ServersExamined,
): Promise<readonly Finding[]> {
  const { metadata } = servers
  if (!metadata) {
    const sentence = 'This cannot be determined without the server metadata.'
    return (['token-endpoint', 'client', 'revocation-endpoint'] as const).map((check) =>
      unknown(check, sentence),
    )
  }
  const [token, revocation] = await Promise.all([
    examineToken(examination, metadata, servers),
    examineRevocation(examination, metadata),
  ])
  return [...token, revocation]
}
