import type { Finding } from '../finding.ts'
import { parseUrl, prefixesOf } from '../model/urls.ts'
import { type Answer, type Attempt, askWithLess, refusesHeader, shown, silent } from './ask.ts'
import { madeUp, unusable } from './endpoints.ts'
import { type Examination, ok, problem, type ServersExamined, unknown, warning } from './examination.ts'

const name = 'The API'

type Readable = Extract<Answer, { readonly response: Response }>

/** Calls of the API as a session makes them, then with one header less: a made-up token makes a browser ask first. */
function callsOf(url: string, { prover }: ServersExamined): [Attempt, ...Attempt[]] {
  const bearer = { headers: { authorization: `Bearer ${madeUp}` }, redirect: 'manual' } as const
  const bound = { headers: { authorization: `DPoP ${madeUp}` }, redirect: 'manual' } as const
  const withToken: Attempt = { send: ({ fetch }) => fetch(url, bearer) }
  const bare: Attempt = {
    lacks: 'Authorization',
    send: ({ fetch }) => fetch(url, { redirect: 'manual' }),
  }
  if (!prover) return [withToken, bare]
  const withProof: Attempt = { send: ({ fetch }) => prover.send(fetch, url, bound, madeUp) }
  return [withProof, { ...withToken, lacks: 'DPoP' }, bare]
}

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

async function examineResource(
  examination: Examination,
  url: string,
  servers: ServersExamined,
): Promise<readonly Finding[]> {
  const { allowedUrls } = examination.context.options
  if (!prefixesOf(parseUrl(url), allowedUrls)[0]) {
    const sentence = `fetch sends no token to ${shown(url) || 'what is no absolute URL'}.`
    return [problem('resource', sentence, 'Add it to the option allowedUrls if it may have it.')]
  }
  const noChallenge = unknown('challenge', 'Whether WWW-Authenticate is readable cannot be determined.')
  const { answer, lacks } = await askWithLess(examination, callsOf(url, servers), [madeUp])
  if (answer.silence) return [silent(examination, 'resource', name, answer), noChallenge]
  if (lacks) return [refusesHeader('resource', name, url, lacks), noChallenge]
  const fault = unusable('resource', name, answer)
  const readable = ok(
    'resource',
    `${name} (${shown(url)}) takes an Authorization header from this page, which reads its answers.`,
  )
  return [fault ?? readable, examineChallenge(examination, answer)]
}

/** The API: whether the page may call it, and learns why it is refused. */
export async function examineResources(
  examination: Examination,
  servers: ServersExamined,
  urls: readonly string[] = examination.context.options.allowedUrls.map(({ href }) => href),
): Promise<readonly Finding[]> {
  const findings = await Promise.all(urls.map((url) => examineResource(examination, url, servers)))
  return findings.flat()
}
