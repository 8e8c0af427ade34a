import type { Finding, FindingCheck } from '../finding.ts'
import { parseUrl } from '../model/urls.ts'
import type { Metadata } from '../protocol/transport.ts'
import { type Examination, ok, unknown } from './examination.ts'

/** Whether a header that servers send now and then is readable: only one that was sent can tell. */
function examineHeader(
  { seen, origin }: Examination,
  check: FindingCheck,
  header: string,
  purpose: string,
): Finding {
  if (seen.some(({ response }) => response.headers.has(header))) {
    return ok(check, `This page can read ${header}, ${purpose}.`)
  }
  const isOwn = seen.length > 0 && seen.every(({ response }) => parseUrl(response.url)?.origin === origin)
  if (isOwn) return ok(check, `This page can read ${header}, ${purpose}: the servers are on its own origin.`)
  return unknown(
    check,
    `Whether ${header} is readable cannot be determined before a server sends it.`,
    `Have the servers send Access-Control-Expose-Headers: ${header}.`,
  )
}

/** Headers beside the challenge that a page reads only where CORS exposes them. Run it after the requests. */
export function examineHeaders(examination: Examination, metadata: Metadata | undefined): readonly Finding[] {
  const findings = [
    examineHeader(examination, 'retry-after', 'Retry-After', 'by which a busy server says how long to wait'),
  ]
  if (metadata?.dpop_signing_alg_values_supported) {
    const purpose = 'which the next DPoP proof must repeat'
    findings.push(examineHeader(examination, 'dpop-nonce', 'DPoP-Nonce', purpose))
  }
  return findings
}
