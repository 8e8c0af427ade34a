import type { Answer } from '../support/authorization-server.ts'
import type { SimulatedServer } from './simulated-server.ts'
import type { Actor, World } from './world.ts'

/** Faults that lose no response: the server has not processed the request, or its response comes within the limit. */
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
  'late response',
  'late request',
] as const

/** Faults that lose a response, or bring it after the sender has given up. */
export const faultsAfter = [
  'response lost',
  '503 after',
  '429 after',
  'HTML after',
  'cut off',
  'garbled',
  'endless after',
  'response after the limit',
  'request after the limit',
  'processed after it was dropped',
] as const

export type NetworkFault = (typeof faultsBefore)[number] | (typeof faultsAfter)[number]

/** Whether the server never gets to process such a request. */
export const isNeverProcessed = (fault: NetworkFault | undefined): boolean =>
  fault !== undefined &&
  !['slow', 'late response', 'late request'].includes(fault) &&
  (faultsBefore as readonly NetworkFault[]).includes(fault)

export type RequestKind = 'metadata' | 'resource' | 'refresh' | 'code' | 'revoke' | 'api'

/** A request on its way, and what became of it. */
export interface Sent {
  readonly kind: RequestKind
  readonly actor: Actor
  /** The refresh token, code or access token in it. */
  readonly secret: string
  /** The origin that it is sent to. */
  readonly origin: string
  /** The DPoP proof in it. */
  readonly proof: string | undefined
  readonly parameters: URLSearchParams
  readonly sentMs: number
  fault: NetworkFault | undefined
  /** `out` until its sender has been told something. */
  state: 'out' | 'failed' | 'answered'
  /** The status that its sender was told. */
  status: number | undefined
  /** When its sender was told something. */
  settledMs: number | undefined
  /** Whether its sender knows of no response at all. */
  isUnanswered: boolean
  /** Whether the server only asked for another DPoP nonce. */
  asksForNonce: boolean
  isProcessed: boolean
  /** Whether the tokens in the response are on the disk. */
  isStored: boolean
  /** The tokens that the server answered with, delivered or not. */
  accessToken: string | undefined
  refreshToken: string | undefined
}

export interface Network {
  readonly fetchFor: (actor: Actor) => typeof globalThis.fetch
  /** Cuts the wire of a page that is gone; what has left it may still arrive. */
  readonly cut: (actor: Actor, mayArrive: boolean) => void
}

export interface NetworkOptions {
  readonly server: SimulatedServer
  readonly latencyMs: () => number
  readonly fault: (kind: RequestKind) => NetworkFault | undefined
  readonly onSend: (sent: Sent) => void
  readonly onProcessed: (sent: Sent, response: Answer) => void
  readonly onDelivered: (sent: Sent, waitUntilMs: number | undefined) => void
}

const page = (status: number): Answer => ({
  status,
  body: '<!doctype html><title>Please wait</title>',
  headers: { 'content-type': 'text/html' },
})

/** Whether a client can find its tokens in it. */
const isWhole = (body: string): boolean => body.endsWith('}') && body.includes('"access_token"')

const paths: Readonly<Record<string, RequestKind>> = {
  '/.well-known/oauth-authorization-server': 'metadata',
  '/.well-known/oauth-protected-resource': 'resource',
  '/v2/oauth/revoke': 'revoke',
}

export function createNetwork(world: World, options: NetworkOptions): Network {
  const { server, latencyMs, fault, onSend, onProcessed, onDelivered } = options
  const { random } = world
  const onTheWire = new Map<Sent, () => void>()

  const process = (sent: Sent): Answer => {
    onTheWire.delete(sent)
    sent.isProcessed = true
    const { kind, parameters, secret, origin, proof } = sent
    const response = {
      metadata: () => server.metadata(origin),
      resource: server.resourceMetadata,
      revoke: () => {
        server.revoke(secret)
        return { status: 200, body: '' }
      },
      api: () => server.api(secret),
      code: () => server.token(parameters, origin, proof),
      refresh: () => server.token(parameters, origin, proof),
    }[kind]()
    if (kind === 'code' || kind === 'refresh') {
      const body = JSON.parse(response.body || '{}') as Partial<Record<string, unknown>>
      const text = (name: string) => (typeof body[name] === 'string' ? body[name] : undefined)
      sent.accessToken = text('access_token')
      sent.refreshToken = text('refresh_token')
      sent.asksForNonce = body.error === 'use_dpop_nonce'
    }
    onProcessed(sent, response)
    return response
  }

  const busy = (): Answer & { untilMs: (deliveredMs: number) => number } => {
    const seconds = random.chance(0.3) ? 0 : random.between(1, 40)
    const askedMs = world.nowMs()
    const wallMs = world.serverWallMs() + (seconds || -3600) * 1000
    // A date counts from here, and has no milliseconds; a number counts from when it arrives.
    const isDate = random.chance(0.3)
    const retryAfter = isDate ? new Date(wallMs).toUTCString() : String(seconds)
    // A clock that is wrong reads another date.
    const isRead = world.serverWallMs() === world.wallMs()
    const dateMs = isRead ? askedMs + seconds * 1000 - (wallMs % 1000) : askedMs
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
        sent.isUnanswered = true
        sent.settledMs = world.nowMs()
        onDelivered(sent, undefined)
        reject(new TypeError('fetch failed'))
      })
    const response = (
      { status, body, headers }: Answer,
      delayMs: number = latencyMs(),
      untilMs?: (deliveredMs: number) => number,
    ) =>
      world.later(actor, `gets ${status} for its ${kind} request`, delayMs, () => {
        sent.state = status === 200 && isWhole(body) ? 'answered' : 'failed'
        sent.status = status
        sent.settledMs = world.nowMs()
        onDelivered(sent, untilMs?.(world.nowMs()))
        resolve(new Response(body, { status, headers: { ...headers } }))
      })
    const longestMs = (ms: number) => (random.chance(0.5) ? 70_000 : ms)
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
      response(rest, latencyMs(), untilMs)
    }
    const garbled = (real: Answer): Answer => ({
      ...real,
      body: real.body.replace('"access_token"', '"token"'),
    })
    const ways: Readonly<Record<NetworkFault, () => void>> = {
      unreachable: () => fail(0),
      'dropped before': () => early(fail),
      '503 before': () => early(() => response({ status: 503, body: '{}' })),
      '429 before': () => early(tooBusy),
      'HTML before': () => early(() => response(page(200))),
      '502 page before': () => early(() => response(page(502))),
      'redirect before': () =>
        early(() => response({ status: 302, body: '', headers: { location: '/login' } })),
      'endless before': () => early(endless),
      slow: () => arrive(random.between(500, 4500), () => response(process(sent), random.between(500, 4500))),
      'response lost': () => late(() => fail()),
      '503 after': () => late(() => response({ status: 503, body: '{}' })),
      '429 after': () => late(tooBusy),
      'HTML after': () => late(() => response(page(200))),
      'cut off': () => late((real) => response({ ...real, body: real.body.slice(0, 20) })),
      garbled: () => late((real) => response(garbled(real))),
      'endless after': () => late(endless),
      'late response': () => late((real) => response(real, random.between(10_500, longestMs(280_000)))),
      'late request': () => arrive(random.between(10_500, longestMs(250_000)), () => response(process(sent))),
      'response after the limit': () =>
        late((real) => response(real, random.between(60_000, longestMs(600_000)))),
      'request after the limit': () =>
        arrive(random.between(60_000, longestMs(600_000)), () => response(process(sent))),
      'processed after it was dropped': () => {
        fail()
        arrive(random.between(100, 5000), () => void process(sent))
      },
    }
    if (sent.fault) ways[sent.fault]()
    else arrive(latencyMs(), () => response(process(sent)))
  }

  const fetchFor =
    (actor: Actor): typeof globalThis.fetch =>
    (input, init) => {
      const { pathname, origin } = new URL(String(input))
      const parameters = init?.body instanceof URLSearchParams ? init.body : new URLSearchParams()
      const isRefresh = parameters.get('grant_type') === 'refresh_token'
      const tokenKind = isRefresh ? 'refresh' : 'code'
      const kind = pathname === '/v2/oauth/token' ? tokenKind : (paths[pathname] ?? 'api')
      const headers = new Headers(init?.headers)
      const bearer = headers.get('authorization')?.replace(/^\w+ /, '')
      const secret =
        parameters.get('refresh_token') ?? parameters.get('code') ?? parameters.get('token') ?? bearer ?? ''
      const sent: Sent = {
        kind,
        actor,
        secret,
        origin,
        proof: headers.get('dpop') ?? undefined,
        parameters,
        sentMs: world.nowMs(),
        fault: fault(kind),
        state: 'out',
        status: undefined,
        settledMs: undefined,
        isUnanswered: false,
        asksForNonce: false,
        isProcessed: false,
        isStored: false,
        accessToken: undefined,
        refreshToken: undefined,
      }
      world.note(
        `${actor.name} sends ${kind} ${secret} ${parameters.get('resource')?.slice(23) ?? ''} (${sent.fault ?? 'no fault'})`,
      )
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
