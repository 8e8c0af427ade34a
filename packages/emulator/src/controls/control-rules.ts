import { ENDPOINT_NAMES, type EndpointName, matchPath } from '../endpoints.ts'
import { clientSchema, seedSchema } from '../options/member-rules.ts'
import type { SeedOptions } from '../options/options.ts'
import type { ResolvedOptions } from '../options/resolve-options.ts'
import {
  anything,
  array,
  check,
  flag,
  headers,
  integer,
  type Members,
  object,
  oneOf,
  optionals,
  partial,
  record,
  rule,
  type Schema,
  status,
  strings,
  text,
} from '../options/schema.ts'
import type { RequestFilter } from '../request-log/request-log.ts'
import type { ClientSeed } from '../store/client-record.ts'
import type { Fault } from './faults.ts'
import type { HoldOptions } from './holds.ts'
import type { ChangeableDocument } from './metadata-changes.ts'
import type { StepUp } from './step-ups.ts'

interface TokenFilter {
  readonly clientId?: string
  readonly grantId?: string
}

interface AtEndpoint {
  readonly endpoint: EndpointName
}

/** The controls themselves are neither logged nor faulted. */
const ENDPOINTS = ENDPOINT_NAMES.filter((name) => name !== 'control')
/** Endpoints that read an access token, and can ask for a better sign-in. */
const RESOURCES = [
  'balance',
  'phone-numbers',
  'telephony-credentials',
  'mcp',
  'clients',
  'grants',
  'consent',
] as const
/** Endpoints whose requests name no client. */
const WITHOUT_CLIENT: readonly EndpointName[] = ['home', 'metadata', 'resource-metadata', 'jwks', 'register']
/** Node fires a longer timer at once. */
const MAX_DELAY_MS = 2 ** 31 - 1

const when = oneOf('before', 'after')
const times: Schema<number> = rule(
  'must be a whole number above 0, or Infinity',
  (value) => value === Number.POSITIVE_INFINITY || (Number.isInteger(value) && Number(value) > 0),
)
const grant = oneOf('authorization_code', 'refresh_token', 'client_credentials')
const path: Schema<string> = rule(
  'must be a path, with a slash in front',
  (value) => typeof value === 'string' && value.startsWith('/'),
)
const document: Schema<ChangeableDocument> = oneOf('metadata', 'resource-metadata')

function atEndpoint<Value extends object>(
  endpoints: readonly EndpointName[],
  members: Members<Value>,
): Schema<Value & AtEndpoint> {
  return object<Value & AtEndpoint>({ endpoint: oneOf(...endpoints), ...optionals(members) } as Members<
    Value & AtEndpoint
  >)
}

const faultSchema = atEndpoint<Fault>(ENDPOINTS, {
  when,
  status,
  headers,
  body: anything,
  members: record,
  omit: strings,
  idTokenClaims: record,
  delayMs: integer(`must be a whole number from 0 to ${MAX_DELAY_MS}`, 0, MAX_DELAY_MS),
  drop: rule<boolean | 'mid-body'>('must be true, false or "mid-body"', (value) =>
    [true, false, 'mid-body'].includes(value as boolean),
  ),
  cors: flag,
  times,
  grant,
  clientId: text,
  path,
})

const holdSchema = atEndpoint<HoldOptions>(ENDPOINTS, { when, times, grant, clientId: text, path })

const stepUpSchema = atEndpoint<StepUp>(RESOURCES, {
  acrValues: array(text),
  maxAgeSeconds: integer('must be a whole number of seconds, 0 or more', 0, Number.MAX_SAFE_INTEGER),
})

const filterSchema = partial<RequestFilter>({
  endpoint: oneOf(...ENDPOINTS),
  grant: text,
  method: oneOf('GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'),
  clientId: text,
  path,
  status: integer('must be a status from 100 to 599', 100, 599),
})

const tokenFilterSchema = partial<TokenFilter>({
  clientId: text,
  grantId: text,
})

const changeSchema = object<{ readonly endpoint: ChangeableDocument; readonly members: object }>({
  endpoint: document,
  members: record,
})

/** @throws {TypeError} naming what is wrong, or why the fault could never happen */
export function checkFault(
  endpoint: EndpointName,
  fault: Fault,
  { openId }: Pick<ResolvedOptions, 'openId'>,
): Fault {
  check(record, fault, 'fail', () => '"fault"')
  check(faultSchema, { ...fault, endpoint }, 'fail')
  assertReachable('fail', endpoint, fault)
  if (fault.idTokenClaims !== undefined && endpoint !== 'token')
    throw new TypeError('fail: "idTokenClaims" is for the endpoint "token" only')
  if (fault.idTokenClaims !== undefined && openId === undefined)
    throw new TypeError('fail: "idTokenClaims" needs the option "openId": no response has an ID token')
  assertSent(fault)
  if (isEffective(fault)) return fault
  throw new TypeError(
    'fail: the fault changes nothing; give it "status", "body", "headers", "members", "omit", "idTokenClaims", "delayMs", "drop" or "cors": false',
  )
}

/** Members of a fault that change the body of a response. */
const BODY_MEMBERS = ['body', 'members', 'omit', 'idTokenClaims'] as const
/** Statuses whose responses have no body. @see RFC 9110 sections 15.3.5, 15.3.6 and 15.4.5 */
const BODILESS_STATUSES: readonly unknown[] = [204, 205, 304]

/** @throws {TypeError} when a part of the response that the fault describes is never sent */
function assertSent(fault: Fault): void {
  const { drop, status, cors } = fault
  const given = (['status', 'headers', ...BODY_MEMBERS] as const).find((name) => fault[name] !== undefined)
  const unsent = given ?? (cors === false ? 'cors' : undefined)
  if (drop === true && unsent !== undefined)
    throw new TypeError(`fail: "drop": true sends no response, so "${unsent}" has no effect`)
  if (!BODILESS_STATUSES.includes(status)) return
  const member = drop === 'mid-body' ? 'drop' : BODY_MEMBERS.find((name) => fault[name] !== undefined)
  if (member !== undefined)
    throw new TypeError(`fail: a response with "status" ${status} has no body, so "${member}" has no effect`)
}

function isEffective(fault: Fault): boolean {
  const {
    delayMs = 0,
    drop = false,
    cors = true,
    status,
    body,
    headers,
    members,
    omit,
    idTokenClaims,
  } = fault
  const changes = [status, body, headers, members, omit, idTokenClaims]
  return delayMs > 0 || drop !== false || !cors || changes.some((change) => change !== undefined)
}

export function checkHold(endpoint: EndpointName, options: HoldOptions): HoldOptions {
  check(record, options, 'hold', () => '"options"')
  check(holdSchema, { ...options, endpoint }, 'hold')
  assertReachable('hold', endpoint, options)
  return options
}

function assertReachable(
  caller: string,
  endpoint: EndpointName,
  filter: { readonly grant?: string; readonly clientId?: string; readonly path?: string },
): void {
  if (filter.clientId !== undefined && WITHOUT_CLIENT.includes(endpoint))
    throw new TypeError(
      `${caller}: requests to the endpoint "${endpoint}" name no client, so "clientId" never matches`,
    )
  if (filter.grant !== undefined && endpoint !== 'token')
    throw new TypeError(`${caller}: "grant" is for the endpoint "token" only`)
  const { path } = filter
  const owners =
    path === undefined ? [endpoint] : ['GET', ''].map((method) => matchPath(path, method).endpoint)
  if (!owners.includes(endpoint))
    throw new TypeError(`${caller}: "path" ${path} belongs to the endpoint "${owners[0]}"`)
}

export function checkStepUp(endpoint: EndpointName, stepUp: StepUp): StepUp {
  check(record, stepUp, 'requireStepUp', () => '"stepUp"')
  check(stepUpSchema, { ...stepUp, endpoint }, 'requireStepUp')
  if (stepUp.acrValues !== undefined || stepUp.maxAgeSeconds !== undefined) return stepUp
  throw new TypeError('requireStepUp: give "acrValues" or "maxAgeSeconds"')
}

export function checkMetadataChange<Members extends object>(
  endpoint: ChangeableDocument,
  members: Members,
): Members {
  check(changeSchema, { endpoint, members }, 'changeMetadata')
  return members
}

export function checkRequestFilter(filter: RequestFilter, caller = 'requests'): RequestFilter {
  check(filterSchema, filter, caller)
  return filter
}

export function checkTokenFilter(filter: TokenFilter): void {
  check(tokenFilterSchema, filter, 'expireAccessTokens')
}

export function checkGrantId(grantId: string): string {
  check(text, grantId, 'revokeGrant', () => '"grantId"')
  return grantId
}

export function checkClient(client: ClientSeed): ClientSeed {
  check(clientSchema, client, 'addClient')
  return client
}

export function checkSeed(seed: SeedOptions): SeedOptions {
  check(seedSchema, seed, 'seed')
  return seed
}
