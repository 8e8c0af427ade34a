import type { Emulator } from '@telnyx-oauth/emulator'
import type { Browser, Page } from 'playwright'
import { describe, onTestFinished } from 'vitest'
import { type BrowserUser, configureTabs, createUser } from './support/browser-user.ts'
import { expect } from './support/expect.ts'
import { test } from './support/fixtures.ts'
import { serveWithHeaders } from './support/header-proxy.ts'
import type { Site } from './support/listen-on.ts'
import { refreshesOf, sendsPerToken } from './support/log.ts'
import { openSignedIn, said } from './support/tab-pages.ts'
import { endWorkers, refreshesFrom, useSharedWorker, workersOf } from './support/worker-tabs.ts'

const script = '**/refresh-worker-*.js'

const originOf = (page: Page): string => new URL(page.url()).origin

/** Refreshes so many times. @returns which of the requests the tab sent itself */
async function refresh(page: Page, times: number): Promise<readonly string[]> {
  const sent = refreshesFrom(page)
  for (let time = 0; time < times; time += 1) {
    await page.evaluate(() => tab.auth.refresh())
    await expect(said(page)).toHaveText('signed-in')
  }
  return sent
}

/** Ways in which there is no worker that responds. Nothing is sent through it, so the tab sends each request once. */
const absences: Readonly<Record<string, (user: BrowserUser) => Promise<unknown>>> = {
  'does not exist in the browser': ({ context }) =>
    context.addInitScript(() => Reflect.deleteProperty(globalThis, 'SharedWorker')),
  'cannot be loaded': ({ context }) => context.route(script, (route) => route.fulfill({ status: 404 })),
  'never responds': ({ context }) =>
    context.route(script, (route) => route.fulfill({ contentType: 'text/javascript', body: '' })),
}

/** The one event in which the client told that it does without the worker. */
const toldReason = (user: BrowserUser): readonly (string | undefined)[] =>
  user.said.flatMap((text) => /"shared-worker-unavailable","reason":"(.*?)"/.exec(text)?.[1] ?? [])

describe.each(Object.entries(absences))('a worker that %s', (_title, prepare) => {
  test.override('userOptions', { mayFail: true })

  test('loses nothing: the tab sends its requests, and one event and diagnose() say why', async ({
    user,
    emulator,
  }) => {
    await useSharedWorker(user)
    await prepare(user)
    const page = await openSignedIn(user)
    expect(await refresh(page, 2)).toHaveLength(2)
    expect(refreshesOf(emulator).map(({ status }) => status)).toEqual([200, 200])

    const told = toldReason(user).length
    await page.reload()
    const findings = await page.evaluate(() => tab.diagnose())
    const finding = findings.find(({ check }) => check === 'shared-worker')
    expect(finding).toMatchObject({ result: 'warning', remedy: expect.stringMatching(/./) })
    await expect.poll(() => toldReason(user).length - told).toBe(1)
  })
})

/** A Content-Security-Policy, sent with every file of the app, and what becomes of four refreshes. */
interface Policy {
  readonly directives: string
  /** Directives for the worker's script alone. */
  readonly ofWorker?: string
  readonly workers: number
  readonly sentByTab: number
}

const policies: readonly Policy[] = [
  { directives: "worker-src 'self'; trusted-types telnyx-oauth", workers: 1, sentByTab: 0 },
  { directives: "worker-src 'none'; trusted-types telnyx-oauth", workers: 0, sentByTab: 4 },
  { directives: "worker-src 'self'; trusted-types 'none'", workers: 0, sentByTab: 4 },
  {
    directives: "worker-src 'self'; trusted-types telnyx-oauth",
    ofWorker: "connect-src 'none'",
    workers: 1,
    sentByTab: 4,
  },
]

/** Signs in to the app where it is served under a strict policy and these directives. */
async function openUnder(
  { directives, ofWorker }: Pick<Policy, 'directives' | 'ofWorker'>,
  { browser, site, emulator }: { browser: Browser; site: Site; emulator: Emulator },
): Promise<{ user: BrowserUser; page: Page }> {
  const strict = `default-src 'self'; connect-src 'self' ${emulator.issuer}; img-src data:; require-trusted-types-for 'script'`
  const policyOf = (path: string) =>
    ofWorker && path.includes('refresh-worker') ? ofWorker : `${strict}; ${directives}`
  const app = await serveWithHeaders(
    () => site.origin,
    (path) => ({ 'content-security-policy': policyOf(path) }),
  )
  onTestFinished(app.close)
  const user = await createUser(browser, app.origin)
  onTestFinished(() => user.context.close())
  await configureTabs(user, emulator, {})
  await useSharedWorker(user)
  return { user, page: await openSignedIn(user) }
}

test.for(policies)(
  'under $directives (of the worker itself: $ofWorker) no refresh fails',
  async (policy, { browser, site, emulator }) => {
    const { user, page } = await openUnder(policy, { browser, site, emulator })
    expect(await refresh(page, 4)).toHaveLength(policy.sentByTab)
    expect(await workersOf(browser, originOf(page))).toHaveLength(policy.workers)
    expect(refreshesOf(emulator).map(({ status }) => status)).toEqual([200, 200, 200, 200])
    expect(user.said.filter((text) => text.includes('"refresh-failed"'))).toEqual([])
    const unexpected = user.complaints.filter(
      (text) => !/Content Security Policy|TrustedScript|TrustedTypePolicy/.test(text),
    )
    expect([unexpected, await user.leaks()]).toEqual([[], []])
  },
)

test('two clients of one page share the policy that may be made once, and the worker', async ({
  browser,
  site,
  emulator,
}) => {
  const directives = "worker-src 'self'; trusted-types telnyx-oauth"
  const { user, page } = await openUnder({ directives }, { browser, site, emulator })
  const sent = refreshesFrom(page)
  await page.evaluate(async (issuer) => {
    const body = new URLSearchParams({ grant_type: 'refresh_token', refresh_token: 'of-another-client' })
    await tab.sharedWorkerFetch()(`${issuer}/v2/oauth/token`, { method: 'POST', body })
  }, emulator.issuer)
  expect([sent, refreshesOf(emulator).length]).toEqual([[], 1])
  expect(await workersOf(browser, originOf(page))).toHaveLength(1)
  expect(user.complaints.filter((text) => /TrustedTypePolicy/.test(text))).toEqual([])
})

test('a worker that died is missed for one request, then there is another one', async ({
  user,
  emulator,
  browser,
}) => {
  await useSharedWorker(user)
  const page = await openSignedIn(user)
  expect(await refresh(page, 1)).toHaveLength(0)
  await endWorkers(browser, originOf(page))
  expect(await refresh(page, 1)).toHaveLength(1)
  expect(await refresh(page, 1)).toHaveLength(0)
  expect(await workersOf(browser, originOf(page))).toHaveLength(1)
  expect(refreshesOf(emulator).map(({ status }) => status)).toEqual([200, 200, 200])
})

test('a worker that dies with a request the server never saw costs a try, not the session', async ({
  user,
  emulator,
  browser,
}) => {
  await useSharedWorker(user)
  const page = await openSignedIn(user)
  const hold = emulator.hold('token', { grant: 'refresh_token', when: 'before' })
  const refreshed = page.evaluate(() => tab.auth.refresh())
  await hold.arrived
  await endWorkers(browser, originOf(page))
  await refreshed
  await expect(said(page)).toHaveText('signed-in')
  expect(sendsPerToken(emulator)).toEqual([2])
})
