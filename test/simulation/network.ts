import {
  type Answer,
  type AuthorizationServer,
  issuer,
  jsonAnswer,
  metadataOf,
} from '../support/authorization-server.ts'
import type { Actor, World } from './world.ts'

/** What may go wrong before the server has processed a request, and instead of it. */
export const faultsBefore = [
  'unreachable',
  'dropped before',
  '503 before',
  '429 before',
  'HTML before',
  '502 page before',
  'redirect before',
  'endless before',
  'slow',
] as const

/** What may go wrong after the server has processed it, or while nobody waits for it any more. */
export const faultsAfter = [
  'answer lost',
  '503 after',
  '429 after',
  'HTML after',
  'cut off',
  'garbled',
  'endless after',
  'late answer',
  'late request',
  'processed after it was dropped',
] as const

export type NetworkFault = (typeof faultsBefore)[number] | (typeof faultsAfter)[number]

/** Whether the server never gets to process such a request. */
export const isNeverProcessed = (fault: NetworkFault | undefined): boolean =>
  fault !== undefined && fault !== 'slow' && (faultsBefore as readonly NetworkFault[]).includes(fault)

export type RequestKind = 'metadata' | 'refresh' | 'code' | 'revoke' | 'api'

/** A request on its way, and what became of it. */
export interface Sent {
  readonly kind: RequestKind
  readonly actor: Actor
  /** The refresh token, code or access token in it. */
  readonly secret: string
  readonly parameters: URLSearchParams
  readonly sentMs: number
  fault: NetworkFault | undefined
  /** `out` until its sender has been told something. */
  state: 'out' | 'failed' | 'answered'
  isProcessed: boolean
  /** Whether the tokens in the answer are on the disk. */
  isStored: boolean
  /** The tokens that the server answered with, delivered or not. */
  accessToken: string | undefined
}

export interface Network {
  readonly fetchFor: (actor: Actor) => typeof globalThis.fetch
  /** Cuts the wire of a page that is gone; what has left it may still arrive. */
  readonly cut: (actor: Actor, mayArrive: boolean) => void
}

export interface NetworkOptions {
  readonly server: AuthorizationServer
  readonly hasRevocation: boolean
  readonly latencyMs: () => number
  readonly fault: (kind: RequestKind) => NetworkFault | undefined
  readonly onSend: (sent: Sent) => void
  readonly onProcessed: (sent: Sent, answer: Answer) => void
  readonly onDelivered: (sent: Sent, waitUntilMs: number | undefined) => void
}

const page = (status: number): Answer => ({
  status,
  body: '<!doctype html><title>Please wait</title>',
  headers: { 'content-type': 'text/html' },
})

/** Whether a client can find its tokens in it. */
const isWhole = (body: string): boolean => body.endsWith('}') && body.includes('"access_token"')

const revocation_endpoint = `${issuer}/v2/oauth/revoke`

const paths: Readonly<Record<string, RequestKind>> = {
  '/.well-known/oauth-authorization-server': 'metadata',
  '/v2/oauth/revoke': 'revoke',
}

export function createNetwork(world: World, options: NetworkOptions): Network {
  const { server, hasRevocation, latencyMs, fault, onSend, onProcessed, onDelivered } = options
  const { random } = world
  const onTheWire = new Map<Sent, () => void>()

  const process = (sent: Sent): Answer => {
    onTheWire.delete(sent)
    sent.isProcessed = true
    const { kind, parameters, secret } = sent
    const answer = {
      metadata: () => jsonAnswer({ ...metadataOf(issuer), ...(hasRevocation && { revocation_endpoint }) }),
      revoke: () => {
        server.revoke(secret)
        return { status: 200, body: '' }
      },
      api: () =>
        server.accepts(secret) ? jsonAnswer({ data: [] }) : jsonAnswer({ errors: [{ code: '10009' }] }, 401),
      code: () => server.token(parameters),
      refresh: () => server.token(parameters),
    }[kind]()
    if (kind === 'code' || kind === 'refresh') {
      const { access_token: accessToken } = JSON.parse(answer.body) as { access_token?: string }
      sent.accessToken = accessToken
    }
    onProcessed(sent, answer)
    return answer
  }

  const busy = (): Answer & { untilMs: (deliveredMs: number) => number } => {
    const seconds = random.between(1, 40)
    const askedMs = world.nowMs()
    const wallMs = world.wallMs() + seconds * 1000
    // A date counts from here, and has no milliseconds; a number counts from when it arrives.
    const isDate = random.chance(0.3)
    const retryAfter = isDate ? new Date(wallMs).toUTCString() : String(seconds)
    const dateMs = askedMs + seconds * 1000 - (wallMs % 1000)
    const untilMs = (deliveredMs: number) => (isDate ? dateMs : deliveredMs + seconds * 1000)
    return { status: 429, body: '{}', headers: { 'retry-after': retryAfter }, untilMs }
  }

  const travel = (sent: Sent, resolve: (response: Response) => void, reject: (error: Error) => void) => {
    const { actor, kind } = sent
    const arrive = (delayMs: number, run: () => void) => {
      onTheWire.set(sent, world.later(undefined, `server gets ${kind} of ${actor.name}`, delayMs, run))
    }
    const fail = (delayMs: number = latencyMs()) =>
      world.later(actor, `loses its ${kind} request`, delayMs, () => {
        sent.state = 'failed'
        onDelivered(sent, undefined)
        reject(new TypeError('fetch failed'))
      })
    const answer = (
      { status, body, headers }: Answer,
      delayMs: number = latencyMs(),
      untilMs?: (deliveredMs: number) => number,
    ) =>
      world.later(actor, `gets ${status} for its ${kind} request`, delayMs, () => {
        sent.state = status === 200 && isWhole(body) ? 'answered' : 'failed'
        onDelivered(sent, untilMs?.(world.nowMs()))
        resolve(new Response(body, { status, headers: { ...headers } }))
      })
    const early = (told: () => void) =>
      arrive(latencyMs(), () => {
        onTheWire.delete(sent)
        told()
      })
    const late = (told: (real: Answer) => void) => arrive(latencyMs(), () => told(process(sent)))
    const endless = () => {
      if (random.chance(0.5)) fail(random.between(40_000, 300_000))
    }
    const tooBusy = () => {
      const { untilMs, ...rest } = busy()
      answer(rest, latencyMs(), untilMs)
    }
    const garbled = (real: Answer): Answer => ({
      ...real,
      body: real.body.replace('"access_token"', '"token"'),
    })
    const ways: Readonly<Record<NetworkFault, () => void>> = {
      unreachable: () => fail(0),
      'dropped before': () => early(fail),
      '503 before': () => early(() => answer({ status: 503, body: '{}' })),
      '429 before': () => early(tooBusy),
      'HTML before': () => early(() => answer(page(200))),
      '502 page before': () => early(() => answer(page(502))),
      'redirect before': () =>
        early(() => answer({ status: 302, body: '', headers: { location: '/login' } })),
      'endless before': () => early(endless),
      slow: () => arrive(random.between(500, 4500), () => answer(process(sent), random.between(500, 4500))),
      'answer lost': () => late(() => fail()),
      '503 after': () => late(() => answer({ status: 503, body: '{}' })),
      '429 after': () => late(tooBusy),
      'HTML after': () => late(() => answer(page(200))),
      'cut off': () => late((real) => answer({ ...real, body: real.body.slice(0, 20) })),
      garbled: () => late((real) => answer(garbled(real))),
      'endless after': () => late(endless),
      'late answer': () => late((real) => answer(real, random.between(10_500, 60_000))),
      'late request': () => arrive(random.between(10_500, 30_000), () => answer(process(sent))),
      'processed after it was dropped': () => {
        fail()
        arrive(random.between(100, 5000), () => void process(sent))
      },
    }
    if (sent.fault) ways[sent.fault]()
    else arrive(latencyMs(), () => answer(process(sent)))
  }

  const fetchFor =
    (actor: Actor): typeof globalThis.fetch =>
    (input, init) => {
      const { pathname } = new URL(String(input))
      const parameters = init?.body instanceof URLSearchParams ? init.body : new URLSearchParams()
      const isRefresh = parameters.get('grant_type') === 'refresh_token'
      const tokenKind = isRefresh ? 'refresh' : 'code'
      const kind = pathname === '/v2/oauth/token' ? tokenKind : (paths[pathname] ?? 'api')
      const bearer = new Headers(init?.headers).get('authorization')?.replace('Bearer ', '')
      const secret =
        parameters.get('refresh_token') ?? parameters.get('code') ?? parameters.get('token') ?? bearer ?? ''
      const sent: Sent = {
        kind,
        actor,
        secret,
        parameters,
        sentMs: world.nowMs(),
        fault: fault(kind),
        state: 'out',
        isProcessed: false,
        isStored: false,
        accessToken: undefined,
      }
      world.note(`${actor.name} sends ${kind} ${secret} (${sent.fault ?? 'no fault'})`)
      onSend(sent)
      return new Promise((resolve, reject) => travel(sent, resolve, reject))
    }

  return {
    fetchFor,
    cut: (actor, mayArrive) => {
      for (const [sent, cancel] of onTheWire) {
        if (sent.actor === actor && !mayArrive && sent.kind !== 'revoke') {
          onTheWire.delete(sent)
          cancel()
        }
      }
    },
  }
}
