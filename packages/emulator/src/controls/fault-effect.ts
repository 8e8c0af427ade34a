import type { EndpointName } from '../endpoints.ts'
import type { Fault } from './faults.ts'

/** @throws {TypeError} when the fault, or a part of it, would change nothing */
export function assertEffective(endpoint: EndpointName, fault: Fault): void {
  assertChanges(endpoint, fault)
  assertSent(fault)
  if (isEffective(fault)) return
  throw new TypeError(
    'fail: the fault changes nothing; give it "status", "body", "headers", "members", "omit", "idTokenClaims", "delayMs", "drop" or "cors": false',
  )
}

/** Endpoints that respond with pages or redirects. */
const PAGES: readonly EndpointName[] = ['home', 'authorize', 'authorize-resume', 'sign-in', 'end-session']

/** @throws {TypeError} when a part of the fault changes nothing, whatever else the fault does */
function assertChanges(endpoint: EndpointName, fault: Fault): void {
  const changed = (['members', 'omit'] as const).find((name) => fault[name] !== undefined)
  if (changed !== undefined && PAGES.includes(endpoint))
    throw new TypeError(`fail: "${changed}" changes JSON, and the endpoint "${endpoint}" responds with none`)
  if (fault.idTokenClaims !== undefined && fault.grant === 'client_credentials')
    throw new TypeError(
      'fail: the grant "client_credentials" gives no ID token, so "idTokenClaims" has no effect',
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
  const parts = [headers, members, omit, idTokenClaims]
  const hasPart = parts.some((part) => part !== undefined && Object.keys(part).length > 0)
  return hasPart || delayMs > 0 || drop !== false || !cors || status !== undefined || body !== undefined
}
