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
import { API_KEY, APP } from './api-scene.ts'
import { installSkippingClock } from './api-skipping-clock.ts'

/** One operation, as ours and as the SDK's. */
export interface Operation {
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

export const OPERATIONS: Readonly<
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
export interface Observation {
  /** Class and facts of what the caller got. */
  readonly got: string
  /** What the server counted. */
  readonly requests: number
  readonly waitsMs: readonly number[]
}

/** An emulator that fails, and both clients, neither of which waits for real. */
export interface FaultBench {
  observe(operation: Operation, fault: Fault | 'hold'): Promise<{ ours: Observation; theirs: Observation }>
  close(): Promise<void>
}

const DEADLINE_MS = 45_000
const MANY = 10

export async function openFaultBench(): Promise<FaultBench> {
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
    observe: async (operation, fault) => ({
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
