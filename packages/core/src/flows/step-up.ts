import type { Context } from '../context.ts'
import { isTelnyxAuthError, type MissingAuthorization, TelnyxAuthError } from '../errors.ts'
import { scopesFrom } from '../model/tokens.ts'
import { checkOption, listOf } from '../options.ts'
import type { SignInOptions } from '../telnyx-auth.ts'

/** The scopes, resources and further parameters of an authorization request. */
export interface AskedFor {
  readonly scopes: readonly string[]
  readonly targets: readonly string[]
  readonly extra: Readonly<Record<string, string>>
}

const longestWindowMs = 600_000
const shortestWindowMs = 60_000
const mostStepUps = 2
const mostNotes = 20

/** A step-up that was begun in this tab, under which session. */
interface StepUpNote {
  readonly atMs: number
  readonly demand: string
  readonly sessionId: string
}

function parseNotes(noted: string | undefined): readonly StepUpNote[] {
  try {
    const notes: unknown = JSON.parse(noted ?? '')
    return Array.isArray(notes) ? notes.filter((note) => Number.isFinite(note?.atMs)) : []
  } catch {
    return []
  }
}

/**
 * Stops an app that steps up again and again: the same demand came back in two sessions that came of a step-up for it.
 * Whoever did not finish one may try as often as they like. A sign-in that may be a minute old is asked for every
 * minute, and that is no loop.
 *
 * @returns whether it is such a loop
 */
function isStepUpLoop({ page, clock, sessionKey, state }: Context, missing: MissingAuthorization): boolean {
  const { scopes, acrValues, maxAgeSeconds = Infinity, resource } = missing
  const key = `${sessionKey} step-ups`
  const now = clock.now()
  const sessionId = state.session.current?.sessionId ?? ''
  const demand = JSON.stringify([[...(scopes ?? [])].sort(), acrValues, maxAgeSeconds, resource])
  const windowMs = Math.min(longestWindowMs, Math.max(shortestWindowMs, maxAgeSeconds * 1000))
  const recent = parseNotes(page.recall(key)).filter(({ atMs }) => Math.abs(now - atMs) < longestWindowMs)
  const unmet = recent.filter(
    (note) => note.demand === demand && note.sessionId !== sessionId && Math.abs(now - note.atMs) < windowMs,
  )
  if (new Set(unmet.map((note) => note.sessionId)).size >= mostStepUps) return true
  page.remember(key, JSON.stringify([...recent, { atMs: now, demand, sessionId }].slice(-mostNotes)))
  return false
}

const isListOfWords = (value: unknown): boolean =>
  value === undefined ||
  (Array.isArray(value) && value.every((word) => typeof word === 'string' && /^\S+$/.test(word)))

/**
 * The scopes, resource and authentication that `stepUp` demands.
 *
 * @param error the same, if it is an error of this library
 * @throws {TypeError} it says nothing of the kind
 */
function missingIn(stepUp: unknown, error: TelnyxAuthError | undefined): MissingAuthorization {
  const { scopes, acrValues, maxAgeSeconds, resource } = error?.missing ?? {}
  const isRight =
    typeof error?.missing === 'object' &&
    isListOfWords(scopes) &&
    isListOfWords(acrValues) &&
    (maxAgeSeconds === undefined || (Number.isSafeInteger(maxAgeSeconds) && maxAgeSeconds >= 0)) &&
    ['string', 'undefined'].includes(typeof resource)
  if (!isRight || !error?.missing) {
    const type = stepUp === null ? 'null' : typeof stepUp
    throw new TypeError(`signIn: "stepUp" must be an error that says what is missing; got ${type}`)
  }
  return error.missing
}

const union = (...lists: readonly (readonly string[] | undefined)[]): readonly string[] => [
  ...new Set(lists.flatMap((list) => list ?? [])),
]

/**
 * The authorization request of a step-up: the scopes and resources that the session has, and those that are missing.
 *
 * @throws {TypeError} `stepUp` is wrong
 * @throws {TelnyxAuthError} `step_up_loop`
 * @see RFC 9470 section 4
 */
export function steppedUp(context: Context, given: SignInOptions): AskedFor {
  const { options, state } = context
  const { current } = state.session
  const { scope, resource, prompt, stepUp } = given
  const missing = missingIn(stepUp, isTelnyxAuthError(stepUp) ? stepUp : undefined)
  if (missing.resource !== undefined) checkOption('signIn', 'resource', missing.resource)
  if (isStepUpLoop(context, missing)) throw new TelnyxAuthError('step_up_loop')
  const { scopes, acrValues, maxAgeSeconds } = missing
  const had = current?.asked ?? current?.token.scopes ?? options.scopes
  const targets = resource === undefined ? union(current?.targets, options.targets) : listOf(resource)
  // A server that remembers the person would let them pass as they are.
  const isVague =
    stepUp?.code === 'insufficient_user_authentication' && !acrValues && maxAgeSeconds === undefined
  return {
    scopes: union(scope === undefined ? had : scopesFrom(scope), scopes),
    targets: union(targets, listOf(missing.resource)),
    extra: {
      ...(acrValues && { acr_values: acrValues.join(' ') }),
      ...(maxAgeSeconds !== undefined && { max_age: String(maxAgeSeconds) }),
      ...(isVague && { prompt: prompt ?? 'login' }),
    },
  }
}
