import {
  createOAuthClient,
  createOAuthGrant,
  createTelnyxApi,
  getOAuthClient,
  refreshAccessToken,
  registerOAuthClient,
  type TelnyxApi,
} from '@telnyx-oauth/api'
import { createEmulator, type EndpointName, type Fault } from '@telnyx-oauth/emulator'
import Telnyx from 'telnyx'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { API_KEY, APP } from './support/api-scene.ts'
import { installSkippingClock } from './support/api-skipping-clock.ts'

/** One operation, as ours and as the SDK's. */
interface Operation {
  readonly endpoint: EndpointName
  readonly ours: (api: TelnyxApi) => Promise<unknown>
  readonly theirs: (sdk: Telnyx) => Promise<unknown>
}

const CLIENT = {
  name: 'Billing job',
  client_type: 'confidential' as const,
  allowed_scopes: ['billing.read'],
  allowed_grant_types: ['client_credentials' as const],
}
const DECISION = { allowed: true, consent_token: 'token' }

const OPERATIONS: Readonly<
  Record<'read' | 'create client' | 'create grant' | 'token' | 'register', Operation>
> = {
  read: {
    endpoint: 'clients',
    ours: (api) => getOAuthClient(api, 'abc'),
    theirs: (sdk) => sdk.oauthClients.retrieve('abc'),
  },
  'create client': {
    endpoint: 'clients',
    ours: (api) => createOAuthClient(api, CLIENT),
    theirs: (sdk) => sdk.oauthClients.create({ ...CLIENT }),
  },
  'create grant': {
    endpoint: 'consent',
    ours: (api) => createOAuthGrant(api, DECISION),
    theirs: (sdk) => sdk.oauth.grants(DECISION),
  },
  token: {
    endpoint: 'token',
    ours: (api) => refreshAccessToken(api, APP, { refresh_token: 'r' }),
    theirs: (sdk) => sdk.oauth.token({ grant_type: 'refresh_token', refresh_token: 'r', ...APP }),
  },
  register: {
    endpoint: 'register',
    ours: (api) => registerOAuthClient(api, {}),
    theirs: (sdk) => sdk.oauth.register({}),
  },
}

/** What came of a call. */
interface Observation {
  /** Class and facts of what the caller got. */
  readonly got: string
  /** What the server counted. */
  readonly requests: number
  readonly waitsMs: readonly number[]
}

const DEADLINE_MS = 45_000
const MANY = 10

/** An emulator that fails, and both clients, neither of which waits for real. */
async function openFaultBench() {
  const emulator = createEmulator({ port: 0, rateLimits: false })
  await emulator.start()
  const baseUrl = `${emulator.url}/v2`
  const api = createTelnyxApi({ apiKey: API_KEY, baseUrl, timeoutMs: DEADLINE_MS })
  const sdk = new Telnyx({ apiKey: API_KEY, baseURL: baseUrl, timeout: DEADLINE_MS })

  async function observeOne(
    endpoint: EndpointName,
    fault: Fault | 'hold',
    call: () => Promise<unknown>,
  ): Promise<Observation> {
    const before = emulator.requests({ endpoint }).length
    const hold = fault === 'hold' ? emulator.hold(endpoint, { times: MANY }) : undefined
    const queued = fault === 'hold' ? undefined : emulator.fail(endpoint, { times: MANY, ...fault })
    const never = new Promise<never>(() => {})
    const clock = installSkippingClock(DEADLINE_MS, (nth) => hold?.arrivals(nth) ?? never)
    try {
      const got = await call().then((value) => `a result: ${JSON.stringify(value)}`, summaryOf)
      return { got, requests: emulator.requests({ endpoint }).length - before, waitsMs: clock.waitsMs }
    } finally {
      clock.restore()
      hold?.release()
      queued?.remove()
    }
  }

  return {
    observe: async (operation: Operation, fault: Fault | 'hold') => ({
      ours: await observeOne(operation.endpoint, fault, () => operation.ours(api)),
      theirs: await observeOne(operation.endpoint, fault, () => operation.theirs(sdk)),
    }),
    close: () => emulator.stop(),
  }
}

function summaryOf(error: unknown): string {
  const failure = error as Error & Readonly<Record<string, unknown>>
  const { status, code, retryAfterMs } = failure
  const title = failure.name === 'Error' ? failure.constructor.name : failure.name
  const facts = [status, code, retryAfterMs === undefined ? undefined : `retryAfterMs ${retryAfterMs}`]
  return [title, ...facts.filter((fact) => fact !== undefined)].join(' ')
}

type OperationName = keyof typeof OPERATIONS

/** Where the two differ on purpose. Everywhere else they must not. */
const EXCEPTIONS = {
  never: 'token and registration requests are never replayed',
  creation: 'a creation is not replayed after a network error or 5xx',
  cap: 'Retry-After is capped at 60 s',
  body: 'a lost body is a network error too; the SDK retries no more once it has the headers',
} as const
type Exception = keyof typeof EXCEPTIONS

const answer = (status: number, headers: Record<string, string> = {}): Fault => ({
  status,
  headers,
  body: { errors: [{ code: '10007', title: 'Unexpected error' }] },
})

interface Row {
  readonly fault: Fault | 'hold'
  /** Whether the server may have done what it was asked to. */
  readonly mayBeDone?: true
  readonly isFinal?: true
  /** What the caller of ours gets. */
  readonly ours: string
  readonly theirs: string
  /** How long each waits between attempts. @default half a second, then one */
  readonly waitsMs?: readonly number[]
  /** How long the SDK waits, if that differs, and why. */
  readonly theirWaitsMs?: readonly number[]
  readonly why?: Exception
}

const V2 = '10007'
const ROWS: Readonly<Record<string, Row>> = {
  '408': { fault: answer(408), ours: `TelnyxApiError 408 ${V2}`, theirs: 'APIError 408' },
  '409': { fault: answer(409), ours: `TelnyxApiError 409 ${V2}`, theirs: 'ConflictError 409' },
  '429, Retry-After': {
    fault: answer(429, { 'retry-after': '7', 'ratelimit-limit': '5, 5;w=60', 'ratelimit-reset': '7' }),
    ours: `TelnyxApiError 429 ${V2} retryAfterMs 7000`,
    theirs: 'RateLimitError 429',
    waitsMs: [7_000, 7_000],
  },
  '429, x-ratelimit-reset': {
    fault: answer(429, { 'x-ratelimit-limit': '5', 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '7' }),
    ours: `TelnyxApiError 429 ${V2} retryAfterMs 7000`,
    theirs: 'RateLimitError 429',
  },
  '429, Retry-After of an hour': {
    fault: answer(429, { 'retry-after': '3600' }),
    ours: `TelnyxApiError 429 ${V2} retryAfterMs 3600000`,
    theirs: 'RateLimitError 429',
    waitsMs: [60_000, 60_000],
    theirWaitsMs: [3_600_000, 3_600_000],
    why: 'cap',
  },
  '500': {
    fault: answer(500),
    mayBeDone: true,
    ours: `TelnyxApiError 500 ${V2}`,
    theirs: 'InternalServerError 500',
  },
  '503': {
    fault: { status: 503, headers: { 'content-type': 'text/html' }, body: '<h1>Unavailable</h1>' },
    mayBeDone: true,
    ours: 'TelnyxApiError 503',
    theirs: 'InternalServerError 503',
  },
  '503, x-should-retry: false': {
    fault: answer(503, { 'x-should-retry': 'false' }),
    isFinal: true,
    ours: `TelnyxApiError 503 ${V2}`,
    theirs: 'InternalServerError 503',
  },
  'dropped connection': {
    fault: { drop: true },
    mayBeDone: true,
    ours: 'TelnyxConnectionError',
    theirs: 'APIConnectionError',
  },
  'connection dropped in the body': {
    fault: {
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: '{"data":',
      drop: 'mid-body',
    },
    mayBeDone: true,
    ours: 'TelnyxConnectionError',
    theirs: 'TypeError',
    theirWaitsMs: [],
    why: 'body',
  },
  'time-out': {
    fault: 'hold',
    mayBeDone: true,
    ours: 'TelnyxTimeoutError',
    theirs: 'APIConnectionTimeoutError',
  },
  'garbage JSON': {
    fault: { status: 200, headers: { 'content-type': 'application/json' }, body: '{"data":' },
    isFinal: true,
    ours: 'TelnyxApiError 200',
    theirs: 'SyntaxError',
  },
}

const BACK_OFF_MS = [500, 1_000]

/** Why ours does not try again where the SDK does. */
function reasonToStop(name: OperationName, { mayBeDone }: Row): Exception | undefined {
  if (name === 'token' || name === 'register') return 'never'
  return name.startsWith('create') && mayBeDone ? 'creation' : undefined
}

describe.each(Object.keys(OPERATIONS) as OperationName[])('%s: what the caller gets after', (name) => {
  let bench: Awaited<ReturnType<typeof openFaultBench>>
  const table: string[][] = []

  beforeAll(async () => {
    bench = await openFaultBench()
  })

  afterAll(async () => {
    await bench.close()
    print(name, table)
  })

  it.each(Object.entries(ROWS))('%s', async (fault, row) => {
    const { ours, theirs } = await bench.observe(OPERATIONS[name], row.fault)
    const waitsMs = row.isFinal ? [] : (row.waitsMs ?? BACK_OFF_MS)
    const theirWaitsMs = row.theirWaitsMs ?? waitsMs
    const reason = reasonToStop(name, row)
    const ourWaitsMs = reason ? [] : waitsMs
    const isSame = ourWaitsMs.join() === theirWaitsMs.join()
    const why = isSame ? undefined : (reason ?? row.why)
    table.push([fault, ...cells(ours), ...cells(theirs), why ? EXCEPTIONS[why] : ''])

    expect(theirs).toEqual({ got: row.theirs, requests: theirWaitsMs.length + 1, waitsMs: theirWaitsMs })
    expect(ours).toEqual({ got: row.ours, requests: ourWaitsMs.length + 1, waitsMs: ourWaitsMs })
    expect(isSame).toBe(why === undefined)
  })
})

function cells({ got, requests, waitsMs }: Observation): string[] {
  return [got, String(requests), waitsMs.map((ms) => `${ms / 1000}`).join(' + ')]
}

function print(name: string, rows: readonly (readonly string[])[]): void {
  const head = [
    'fault',
    'ours',
    'requests',
    'waits, s',
    'official SDK',
    'requests',
    'waits, s',
    'why they differ',
  ]
  const lines = [head, ...rows]
  const widths = head.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)))
  const text = lines.map((line) =>
    line
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
  process.stdout.write(`\n${name}\n${text.join('\n')}\n`)
}
