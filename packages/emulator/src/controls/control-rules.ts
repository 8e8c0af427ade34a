import { ENDPOINT_NAMES, type EndpointName, matchPath } from '../endpoints.ts'
import { assertOwner, clientSchema, seedSchema } from '../options/member-rules.ts'
import type { SeedOptions } from '../options/options.ts'
import type { ResolvedOptions } from '../options/resolve-options.ts'
import {
  check,
  flag,
  headers,
  integer,
  json,
  jsonRecord,
  type Members,
  nonEmpty,
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
import { assertEffective } from './fault-effect.ts'
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
  'must be a path as it is requested: with a slash in front, percent-encoded, without a query',
  (value) => typeof value === 'string' && /^\/[!-~]*$/.test(value) && !/[?#]/.test(value),
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
  body: json,
  members: jsonRecord,
  omit: strings,
  idTokenClaims: jsonRecord,
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
  acrValues: nonEmpty(
    rule<string>(
      'must be visible characters, without a space, a quote or a backslash',
      (value) => typeof value === 'string' && /^[!#-[\]-~]+$/.test(value),
    ),
    'must name at least one value',
  ),
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
  members: jsonRecord,
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
  assertEffective(endpoint, fault)
  return fault
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

export function checkClient(client: ClientSeed, options: ResolvedOptions): ClientSeed {
  check(clientSchema, client, 'addClient')
  assertOwner(client, options.accounts, 'addClient: "ownerId"')
  return client
}

export function checkSeed(seed: SeedOptions): SeedOptions {
  check(seedSchema, seed, 'seed')
  return seed
}
