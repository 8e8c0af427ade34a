import type { Finding } from '../finding.ts'
import { allowingResources, parseUrl } from '../model/urls.ts'
import type { Transport } from '../protocol/transport.ts'
import { type Answer, ask, shown, silent } from './ask.ts'
import { madeUp, unusable } from './endpoints.ts'
import { type Examination, ok, problem, unknown, warning } from './examination.ts'

const name = 'The API'

type Readable = Extract<Answer, { readonly response: Response }>

/** Calls the API as `fetch` does, with a token that nobody issued: the header alone makes a browser ask first. */
const callWithToken =
  (url: string) =>
  ({ fetch }: Transport): Promise<Response> =>
    fetch(url, { headers: { authorization: `Bearer ${madeUp}` }, redirect: 'manual' })

/** The same without that header. */
const callBare =
  (url: string) =>
  ({ fetch }: Transport): Promise<Response> =>
    fetch(url, { redirect: 'manual' })

/** Whether the reason for a 401 reaches this page. @see RFC 6750 section 3 */
function examineChallenge({ origin }: Examination, { url, response }: Readable): Finding {
  const check = 'challenge'
  const subject = `${name} (${shown(url)})`
  if (response.headers.has('www-authenticate')) {
    return ok(check, `${subject} says why it refuses a token, and this page can read it (WWW-Authenticate).`)
  }
  if (response.status !== 401) {
    return unknown(
      check,
      `Whether WWW-Authenticate is readable cannot be determined: ${subject} answered ${response.status}, not 401.`,
      "Name a URL that needs a token: diagnose({ urls: ['…'] }).",
    )
  }
  const lost = 'so a scope that is missing looks like a token that is not valid'
  if (parseUrl(url)?.origin === origin) {
    return warning(
      check,
      `${subject} sends no WWW-Authenticate with status 401, ${lost}.`,
      'Have it send one.',
    )
  }
  return warning(
    check,
    `${subject} does not let this page read WWW-Authenticate, or sends none, ${lost}.`,
    'Have it send Access-Control-Expose-Headers: WWW-Authenticate.',
  )
}

/** Whether it is the `Authorization` header that the API does not let through. */
async function examinePreflight(
  examination: Examination,
  url: string,
  refused: Extract<Answer, { readonly silence: unknown }>,
): Promise<readonly Finding[]> {
  const noChallenge = unknown('challenge', 'Whether WWW-Authenticate is readable cannot be determined.')
  const bare = refused.silence === 'hidden' ? await ask(examination, callBare(url)) : refused
  if (bare.silence) return [silent(examination, 'resource', name, bare), noChallenge]
  const finding = problem(
    'resource',
    `${name} (${shown(url)}) lets this page read its answers, but not send it an Authorization header.`,
    'Have it answer preflights with Access-Control-Allow-Headers: authorization.',
  )
  return [finding, noChallenge]
}

async function examineResource(examination: Examination, url: string): Promise<readonly Finding[]> {
  const { resources } = examination.context.options
  if (!allowingResources(parseUrl(url), resources)[0]) {
    const sentence = `fetch sends no token to ${shown(url) || 'what is no absolute URL'}.`
    return [problem('resource', sentence, 'Add it to the resources option if it may have it.')]
  }
  const answer = await ask(examination, callWithToken(url), [madeUp])
  if (answer.silence) return examinePreflight(examination, url, answer)
  const fault = unusable('resource', name, answer)
  const subject = `${name} (${shown(url)})`
  const readable = ok(
    'resource',
    `${subject} takes an Authorization header from this page, which reads its answers.`,
  )
  return [fault ?? readable, examineChallenge(examination, answer)]
}

/** The API: whether the page may call it, and learns why it is refused. */
export async function examineResources(
  examination: Examination,
  urls: readonly string[] = examination.context.options.resources.map(({ href }) => href),
): Promise<readonly Finding[]> {
  const findings = await Promise.all(urls.map((url) => examineResource(examination, url)))
  return findings.flat()
}
