import type { TelnyxAuthError } from '../errors.ts'
import type { Finding, FindingCheck } from '../finding.ts'
import { delay, TimeoutError, withTimeout } from '../flows/server/with-timeout.ts'
import { parseUrl } from '../model/urls.ts'
import { translateError } from '../protocol/translate-error.ts'
import type { Transport } from '../protocol/transport.ts'
import { type Examination, patienceMs, problem, unknown, warning } from './examination.ts'

/** Why there is nothing to read. */
type Silence = 'late' | 'offline' | 'forbidden' | 'hidden' | 'unreachable'

/** How a server answered a question, if this page could read that. */
export type Answer =
  | {
      readonly url: string
      readonly response: Response
      /** What was wrong with the answer. */
      readonly error: TelnyxAuthError | undefined
      readonly silence?: undefined
    }
  | { readonly url: string; readonly response?: undefined; readonly silence: Silence }

/**
 * Tells a server that is there, and keeps its answers from this page, from one that is not: a request whose answer
 * nobody may read needs no permission.
 *
 * @see https://fetch.spec.whatwg.org/#concept-request-mode
 */
async function reasonOfSilence(
  { context, facts, forbidden, origin }: Examination,
  url: string,
): Promise<Silence> {
  const { clock, transport } = context
  const server = parseUrl(url)?.origin ?? url
  if (!facts.isOnline()) return 'offline'
  if (server === origin) return 'unreachable'
  try {
    const blind: RequestInit = { mode: 'no-cors', cache: 'no-store', credentials: 'omit' }
    await withTimeout(clock, transport.fetch(url, blind), patienceMs)
    return 'hidden'
  } catch {
    // Browsers tell of a policy a moment after they have refused.
    await delay(clock, 100)
    return forbidden.has(server) ? 'forbidden' : 'unreachable'
  }
}

/**
 * Lets `send` ask one question, and looks at what came of it. Given up, and called back, after {@link patienceMs}.
 *
 * @param unquotable what the server may echo, and no finding should hold
 */
export async function ask(
  examination: Examination,
  send: (transport: Transport) => Promise<unknown>,
  unquotable: readonly string[] = [],
): Promise<Answer> {
  const { context, seen } = examination
  const { clock, transport } = context
  const stop = new AbortController()
  let url = ''
  let response: Response | undefined
  const watched: Transport = {
    ...transport,
    fetch: async (input, init) => {
      url = String(input)
      response = undefined
      response = await transport.fetch(input, { cache: 'no-store', ...init, signal: stop.signal })
      seen.push({ response, receivedAtMs: clock.now() })
      return response
    },
  }
  let isLate = false
  const error = await withTimeout(clock, send(watched), patienceMs).then(
    () => undefined,
    (cause: unknown) => {
      isLate = cause instanceof TimeoutError
      return translateError(cause, clock.now(), unquotable)
    },
  )
  stop.abort()
  if (!url) throw error
  if (isLate) return { url, silence: 'late' }
  if (response) return { url, response, error }
  return { url, silence: await reasonOfSilence(examination, url) }
}

/** One way of asking; `lacks` is the header that it does without. */
export interface Attempt {
  readonly lacks?: string
  readonly send: (transport: Transport) => Promise<unknown>
}

/**
 * Asks with every header that a session sends, then with one less, for as long as the answer is hidden: browsers ask
 * the server first whether a page may send such a header.
 */
export async function askWithLess(
  examination: Examination,
  [first, ...rest]: readonly [Attempt, ...Attempt[]],
  unquotable: readonly string[],
): Promise<{ readonly answer: Answer; readonly lacks: string | undefined }> {
  const answer = await ask(examination, first.send, unquotable)
  const [next, ...others] = rest
  if (next && answer.silence === 'hidden') return askWithLess(examination, [next, ...others], unquotable)
  return { answer, lacks: answer.silence ? undefined : first.lacks }
}

/** What is to be said about a server that answers only those who leave a header out. */
export function refusesHeader(check: FindingCheck, name: string, url: string, header: string): Finding {
  return problem(
    check,
    `${name} (${shown(url)}) lets this page read its answers, but not send it the header ${header}.`,
    `Have it answer preflights with Access-Control-Allow-Headers: ${header}.`,
  )
}

/** An URL as it may be shown: what it asks for is nobody's business. */
export function shown(url: string): string {
  const { origin = '', pathname = '' } = parseUrl(url) ?? {}
  return origin + pathname
}

/** What is to be said about a server of which this page hears nothing. */
export function silent(
  { origin }: Examination,
  check: FindingCheck,
  name: string,
  { url, silence }: Extract<Answer, { readonly silence: Silence }>,
): Finding {
  const subject = `${name} (${shown(url)})`
  const findings: Readonly<Record<Silence, () => Finding>> = {
    late: () =>
      warning(check, `${subject} did not answer within ${patienceMs / 1000} seconds.`, 'Try again later.'),
    offline: () =>
      unknown(check, `${subject} was not asked: this device is offline.`, 'Go online, then try again.'),
    forbidden: () =>
      problem(
        check,
        `The Content Security Policy of this page forbids requests to ${subject}.`,
        `Add ${parseUrl(url)?.origin} to its connect-src.`,
      ),
    hidden: () =>
      problem(
        check,
        `${subject} is there, but sends no CORS headers that let ${origin} read its answers.`,
        `Have it send Access-Control-Allow-Origin for ${origin}, or put a proxy for it on this origin.`,
      ),
    unreachable: () =>
      problem(
        check,
        `${subject} cannot be reached.`,
        'Check the address and the connection; extensions and firewalls stop requests, too.',
      ),
  }
  return findings[silence]()
}
