import { leaseMarginMs, sendLimitMs } from '../../packages/core/src/model/lease.ts'
import { actOnce, askForToken, marginMs, thaw } from './acts.ts'
import { createFixtures, type Defects, type Fixtures } from './fixtures.ts'
import type { Core } from './load-core.ts'
import { createRandom, mixSeeds } from './random.ts'
import { resources } from './simulated-server.ts'
import { createTally, type Tally } from './tally.ts'

export interface ScheduleOptions {
  readonly core: Core
  readonly seed: number
  readonly tally?: Tally
  readonly defects?: Defects
  /** Acts that are left out, by number: for making a failing schedule smaller. */
  readonly without?: ReadonlySet<number>
  readonly trace?: string[]
}

export interface ScheduleOutcome {
  readonly violation: string | undefined
  readonly steps: number
  /** What was done, by number. */
  readonly acts: readonly (readonly [number, string])[]
}

const maxSteps = 60_000
/** After the faults: users come back from the server, tabs read again, retries have their turn. */
const calmMs = 80_000
/** A tab may have to wait for the lease of a page that is gone, without Web Locks: as long as a request may take. */
const maxTries = 30
/** Longer than a tab waits for the lock of another, and then watches its lease. */
const maxQuietMs = 2 * (sendLimitMs + leaseMarginMs) + 10_000

/** Runs everything that needs no further step: promises, and what Node keeps for them. */
const settled = () => new Promise<void>((resolve) => void setImmediate(resolve))

interface Run {
  readonly fixtures: Fixtures
  steps: number
}

/** One action or one move of the clock. @returns whether there was anything to do until `untilMs` */
async function step(run: Run, untilMs: number): Promise<boolean> {
  const { world, callers, checker } = run.fixtures
  run.steps += 1
  if (run.steps > maxSteps) checker.fail('it never comes to rest')
  if (!world.step()) {
    const dueMs = world.nextDueMs()
    if (dueMs > untilMs || dueMs === Infinity) return false
    world.advanceTo(dueMs)
    return true
  }
  await settled()
  callers.check()
  return true
}

async function runFor(run: Run, ms: number): Promise<void> {
  const { world, checker } = run.fixtures
  const untilMs = world.nowMs() + ms
  while (!checker.violation() && (await step(run, untilMs))) {
    // The invariant checker looks at every step.
  }
  world.advanceTo(untilMs)
}

/** Runs until `isDone`, at most for `maxMs`. */
async function runUntil(run: Run, maxMs: number, isDone: () => boolean): Promise<void> {
  const { world, checker } = run.fixtures
  const endMs = world.nowMs() + maxMs
  while (!isDone() && world.nowMs() < endMs && !checker.violation()) await runFor(run, 1000)
}

/** Opens the tabs; somebody signs in in the first one. Nothing goes wrong yet. */
async function begin(run: Run): Promise<void> {
  const { browser, load, profile, server, random } = run.fixtures
  const first = browser.newTab()
  const page = load(first)
  await settled()
  await runFor(run, 1000)
  if (profile.startsSignedIn) {
    void page.auth.signIn().catch(() => {})
    for (let n = 0; n < 200 && first.leftFor === undefined; n++) await step(run, Infinity)
    const { origin, searchParams: asked } = new URL(first.leftFor ?? 'about:blank')
    const back = new URL(asked.get('redirect_uri') ?? '')
    back.searchParams.set('state', asked.get('state') ?? '')
    back.searchParams.set('code', server.authorize('ada', origin))
    first.href = back.href
    load(first)
    await settled()
    await runFor(run, 5000)
  }
  for (let n = 1; n < profile.tabs; n++) {
    const tab = browser.newTab()
    tab.isVisible = random.chance(0.6)
    load(tab)
  }
  await settled()
}

async function main(run: Run, options: ScheduleOptions, acts: [number, string][]): Promise<void> {
  const { fixtures } = run
  const { world, checker, profile, random } = fixtures
  const idleLimitMs = 2 * profile.lifetimeSeconds * 1000 + 30_000
  for (let number = 0; number < profile.acts && !checker.violation(); ) {
    const idleMs = world.nextDueMs() - world.nowMs()
    const isIdle = idleMs > 0
    const isTime = random.chance(isIdle ? 0.15 : profile.haste)
    if (isTime || idleMs > idleLimitMs) {
      if (!options.without?.has(number)) {
        const done = actOnce(fixtures, createRandom(mixSeeds(options.seed, 5, number)))
        if (done) acts.push([number, done])
        world.note(`== ${number}: ${done ?? 'nothing'}`)
        await settled()
      }
      number += 1
    } else await step(run, Infinity)
  }
}

/** Ends all faults, and sees whether every tab recovers by itself. */
async function end(run: Run): Promise<void> {
  const { fixtures } = run
  const { browser, faultSchedule, world, callers } = fixtures
  world.note('== all faults end')
  faultSchedule.end()
  for (const page of browser.pages()) {
    thaw(fixtures, page)
    page.isThrottled = false
    callers.restart(page)
  }
  await settled()
  await runFor(run, calmMs)
  for (const page of browser.pages()) {
    page.tab.isVisible = true
    page.wake(fixtures.random.chance(0.5) ? 'visible' : 'online')
  }
  await settled()
  await runFor(run, calmMs)
  await askEverywhere(run)
  // A sender that is silent, or gone, is replaced after the limit of a request.
  await runUntil(run, maxQuietMs, () => !isUnderWay(run))
  await runFor(run, calmMs)
  await askEverywhere(run)
  if (!fixtures.checker.violation()) await checkRecovery(run)
}

async function askEverywhere(run: Run): Promise<void> {
  const { browser } = run.fixtures
  for (const page of browser.pages()) askForToken(run.fixtures, page, undefined)
  await settled()
  await runFor(run, 40_000)
}

/** Whether a response may still come, or the record makes tabs wait. */
function isUnderWay({ fixtures: { checker, sessionOnDisk, world } }: Run): boolean {
  const { lease, failures } = sessionOnDisk() ?? {}
  // A clock that is wrong reads a date minutes too late.
  return checker.isWaiting() || lease !== undefined || Number(failures?.retryAtMs) > world.wallMs()
}

/** Every tab shows what is stored, and serves a token if the server has not ended the session. */
async function checkRecovery(run: Run): Promise<void> {
  const { browser, checker, callers, requestTimeoutMs, sessionOnDisk } = run.fixtures
  const pages = browser.pages()
  const served = new Map<string, string>()
  for (const page of pages) if (!page.isReady) checker.fail(`${page.name} never becomes ready`)
  // A failure from before makes the next request wait for a minute or two.
  for (let tries = 0; tries < 10 && served.size < pages.length; tries++) {
    for (const page of pages.filter(({ name }) => !served.has(name))) {
      const call = page.auth.getAccessToken
      callers.watch(page, 'getAccessToken', requestTimeoutMs + marginMs, call, (token) =>
        served.set(page.name, token),
      )
    }
    await settled()
    await runFor(run, 20_000)
    if (sessionOnDisk()?.ended !== undefined) break
  }
  // A renewal may be under way at any moment: some moment is quiet.
  for (let n = 0; n < 40 && disagreement(run, served) !== undefined; n++) await runFor(run, 300)
  const problem = disagreement(run, served) ?? (await missingOthers(run))
  if (problem) checker.fail(problem)
}

/** What is wrong with a tab, compared with the store. */
function disagreement({ fixtures }: Run, served: ReadonlyMap<string, string>): string | undefined {
  const { browser, checker, sessionOnDisk } = fixtures
  const stored = sessionOnDisk()
  const isLive = stored !== undefined && stored.ended === undefined
  for (const page of browser.pages()) {
    const snapshot = page.auth.getSnapshot()
    const shows = snapshot.status === 'signed-in' ? snapshot : undefined
    if (!isLive && shows) return `${page.name} is signed in at the end, the store is not`
    if (isLive && !shows) return `${page.name} is signed out at the end, the store is not`
    if (!isLive || !shows) continue
    if (shows.sessionId !== stored.sessionId || shows.token.accessToken !== stored.token?.accessToken)
      return `${page.name} does not agree with the store at the end`
    if (checker.sessionOf(stored.sessionId)?.family.ended) continue
    // A token that lives a second is renewed once a minute.
    if (fixtures.profile.lifetimeSeconds === 1) continue
    if (!served.has(page.name)) return `${page.name} serves no token though all faults are over`
    if (shows.isStale) return `${page.name} is still stale though all faults are over`
  }
  return undefined
}

/** Asks for a token for another resource in every tab. @returns who is served none, though the server would give one */
async function missingOthers(run: Run): Promise<string | undefined> {
  const { browser, profile, checker, sessionOnDisk, callers, requestTimeoutMs } = run.fixtures
  const isOver = () => {
    const stored = sessionOnDisk()
    return !stored || stored.ended !== undefined || checker.sessionOf(stored.sessionId)?.family.ended
  }
  if (profile.withoutRefreshToken || profile.lifetimeSeconds === 1) return undefined
  const served = new Set<string>()
  const unserved = () => browser.pages().filter(({ name }) => !isOver() && !served.has(name))
  const resource = resources[1]
  // A failure from before makes the next request wait for a minute or two.
  for (let tries = 0; tries < maxTries && unserved().length > 0; tries++) {
    for (const page of unserved()) {
      const call = () => page.auth.getAccessToken({ resource })
      callers.watch(page, 'getAccessToken for another resource', requestTimeoutMs + marginMs, call, () =>
        served.add(page.name),
      )
    }
    await settled()
    await runUntil(run, calmMs, () => unserved().length === 0)
  }
  const [page] = unserved()
  return page && `${page.name} serves no token for another resource though all faults are over`
}

/** Runs one schedule: the seed determines everything in it. */
export async function runSchedule(options: ScheduleOptions): Promise<ScheduleOutcome> {
  const { core, seed, tally = createTally(), defects = {}, trace } = options
  const fixtures = createFixtures({ core, seed, tally, defects, trace })
  const run: Run = { fixtures, steps: 0 }
  const acts: [number, string][] = []
  fixtures.world.note(JSON.stringify(fixtures.profile))
  await begin(run)
  fixtures.faultSchedule.begin()
  await main(run, options, acts)
  await end(run)
  fixtures.checker.conclude()
  for (const page of fixtures.browser.pages()) fixtures.browser.end(page, false)
  return { violation: fixtures.checker.violation(), steps: run.steps, acts }
}
