import type { Finding } from '../finding.ts'
import { absoluteRedirectUri } from '../model/urls.ts'
import { authorizationParameters, newCodeVerifier } from '../protocol/authorization.ts'
import type { Metadata, Transport } from '../protocol/transport.ts'
import { pushAuthorization } from '../token-flows.ts'
import { ask, shown, silent } from './ask.ts'
import { madeUp, unusable } from './endpoints.ts'
import { type Examination, ok, problem, type ServersExamined, unknown, warning } from './examination.ts'
import { proving } from './proofs.ts'

const check = 'par-endpoint'
const name = 'The endpoint for pushed requests'

/** What a server that takes no requests ahead leaves open. */
function unregistered(uri: string): Finding {
  return unknown(
    'redirect-uri-registration',
    `Whether ${uri} is registered cannot be determined from a browser.`,
    'If it is not, the server shows an error when somebody signs in. Compare the two letter by letter.',
  )
}

/** Prepares the request of a sign-in that nobody begins. @returns pushes it; its reference is thrown away */
async function preparePush(
  { context, origin }: Examination,
  metadata: Metadata,
  { prover }: ServersExamined,
): Promise<(transport: Transport) => Promise<unknown>> {
  const request = await authorizationParameters(context.transport, {
    redirectUri: absoluteRedirectUri(context.options.redirectUri, origin),
    state: madeUp,
    verifier: newCodeVerifier(),
    scopes: context.options.scopes,
    extra: {},
  })
  return (transport) => pushAuthorization(prover ? proving(prover, transport) : transport, metadata, request)
}

/**
 * The endpoint for pushed requests, which also knows what no browser does otherwise: whether the redirect URI is
 * registered.
 *
 * @see RFC 9126 section 2
 */
export async function examinePushed(
  examination: Examination,
  servers: ServersExamined,
): Promise<readonly Finding[]> {
  const { metadata } = servers
  const uri = absoluteRedirectUri(examination.context.options.redirectUri, examination.origin)
  if (!metadata?.pushed_authorization_request_endpoint) return [unregistered(uri)]
  const answer = await ask(examination, await preparePush(examination, metadata, servers))
  if (answer.silence) {
    const finding = silent(examination, check, name, answer)
    const isNeeded = !!metadata.require_pushed_authorization_requests
    // A sign-in puts its parameters into the URL then.
    const result = finding.result === 'problem' && !isNeeded ? 'warning' : finding.result
    return [Object.freeze({ ...finding, result }), unregistered(uri)]
  }
  const { url, response, error } = answer
  const fault = unusable(check, name, answer)
  if (fault) return [fault, unregistered(uri)]
  const subject = `${name} (${shown(url)})`
  if (response.ok && !error) {
    return [
      ok(check, `${subject} takes the requests of this app, and lets this page read its answers.`),
      ok('redirect-uri-registration', `The server took a request with ${uri}: it is registered.`),
    ]
  }
  const { error: word, description = '' } = error?.server ?? {}
  // RFC 9126 has no code of its own for this, so servers say it in words.
  if (word === 'invalid_redirect_uri' || /\bredirect_uri\b/.test(description)) {
    return [
      ok(check, `${subject} lets this page read its answers.`),
      problem(
        'redirect-uri-registration',
        `The server refuses ${uri}: it is not registered for this client.`,
        'Register it, letter by letter.',
      ),
    ]
  }
  return [
    warning(
      check,
      `${subject} refuses the requests of this app: ${word ? `${word}, ` : ''}status ${response.status}.`,
      'See whether the client, its redirect URI and its scopes are registered.',
    ),
    unregistered(uri),
  ]
}
