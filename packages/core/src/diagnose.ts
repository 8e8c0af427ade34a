import type { Context } from './context.ts'
import { examineClock } from './diagnose/clock.ts'
import { examineEndpoints } from './diagnose/endpoints.ts'
import { type Examination, type Examine, unknown } from './diagnose/examination.ts'
import { examineHeaders } from './diagnose/headers.ts'
import { examineMetadata } from './diagnose/metadata.ts'
import { examinePage, examineRedirectUri } from './diagnose/page.ts'
import { examineResources } from './diagnose/resources.ts'
import { examineSession } from './diagnose/session.ts'
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
  const resources = run('resource', () => examineResources(examination, urls))
  let metadata: Awaited<ReturnType<typeof examineMetadata>>['metadata']
  const about = await run('metadata', async () => {
    const examined = await examineMetadata(examination)
    metadata = examined.metadata
    return examined.findings
  })
  const endpoints = await run('token-endpoint', () => examineEndpoints(examination, metadata))
  const asked = [...about, ...endpoints, ...(await resources)]
  const headers = await run('retry-after', () => examineHeaders(examination, metadata))
  return [...asked, ...headers, ...(await run('clock', examineClock))]
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
      run('session', examineSession),
    ])
    return Object.freeze(parts.flat())
  } finally {
    stop()
  }
}
