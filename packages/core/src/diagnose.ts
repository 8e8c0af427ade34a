import type { Context } from './context.ts'
import { examineClock } from './diagnose/clock.ts'
import { examineEndpoints } from './diagnose/endpoints.ts'
import { type Examination, type Examine, type ServersExamined, unknown } from './diagnose/examination.ts'
import { examineHeaders } from './diagnose/headers.ts'
import { examineMetadata } from './diagnose/metadata.ts'
import { examinePage, examineRedirectUri } from './diagnose/page.ts'
import { examineDpop, proverFor } from './diagnose/proofs.ts'
import { examinePushed } from './diagnose/pushed.ts'
import { examineResources } from './diagnose/resources.ts'
import { examineSession } from './diagnose/session.ts'
import { examineSharedWorker } from './diagnose/shared-worker.ts'
import { examinePersistence, examineStorage } from './diagnose/storage.ts'
import { examineChannel, examineLocks } from './diagnose/tabs.ts'
import type { DiagnoseOptions, Finding, FindingCheck } from './finding.ts'
import { parseUrl } from './model/urls.ts'
import { browserFacts } from './ports/browser-facts.ts'

/** Runs a check; one that fails itself has found nothing out. */
async function attempt(
  examination: Examination,
  check: FindingCheck,
  examine: Examine,
): Promise<readonly Finding[]> {
  try {
    return await examine(examination)
  } catch {
    return [unknown(check, 'This cannot be determined: the check itself failed.')]
  }
}

/** The servers: what they say of themselves, then whether this page may talk to them, then what the answers show. */
async function examineServers(examination: Examination, urls: readonly string[] | undefined) {
  const run = (check: FindingCheck, examine: Examine) => attempt(examination, check, examine)
  let servers: ServersExamined = { metadata: undefined, prover: undefined }
  const about = await run('metadata', async () => {
    const { findings, metadata } = await examineMetadata(examination)
    servers = { metadata, prover: undefined }
    return findings
  })
  const { metadata } = servers
  const dpop = await run('dpop', async () => {
    servers = { metadata, prover: await proverFor(examination, metadata) }
    return examineDpop(examination, metadata)
  })
  const asked = await Promise.all([
    run('token-endpoint', () => examineEndpoints(examination, servers)),
    run('par-endpoint', () => examinePushed(examination, servers)),
    run('resource', () => examineResources(examination, servers, urls)),
  ])
  const headers = await run('retry-after', () => examineHeaders(examination, metadata))
  return [...about, ...dpop, ...asked.flat(), ...headers, ...(await run('clock', examineClock))]
}

/**
 * Looks at everything that a session rests on, and touches none of it: no refresh, no lease, no write to the session's
 * record; made-up codes and tokens where a server must be asked. Never rejects; whatever does not answer is given up.
 */
export async function diagnose(
  context: Context,
  { urls }: DiagnoseOptions = {},
): Promise<readonly Finding[]> {
  const facts = context.facts ?? browserFacts
  const forbidden = new Set<string>()
  const examination: Examination = {
    context,
    facts,
    forbidden,
    seen: [],
    origin: new URL(context.page.href()).origin,
  }
  const run = (check: FindingCheck, examine: Examine) => attempt(examination, check, examine)
  const stop = facts.onForbidden((url) => forbidden.add(parseUrl(url)?.origin ?? url))
  try {
    const parts = await Promise.all([
      run('secure-context', examinePage),
      run('redirect-uri', examineRedirectUri),
      examineServers(examination, urls),
      run('storage', examineStorage),
      run('persistence', examinePersistence),
      run('locks', examineLocks),
      run('channel', examineChannel),
      run('shared-worker', examineSharedWorker),
      run('session', examineSession),
    ])
    return Object.freeze(parts.flat())
  } finally {
    stop()
  }
}
