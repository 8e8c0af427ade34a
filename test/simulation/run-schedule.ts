import { actOnce, askForToken, thaw } from './acts.ts'
import type { Core } from './load-core.ts'
import { resources } from './profile.ts'
import { createRandom, mixSeeds } from './random.ts'
import { createStage, type Defects, type Stage } from './stage.ts'
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

const mostSteps = 20_000
/** After the faults: people come back from the server, tabs look again, retries have their turn. */
const calmMs = 80_000

/** Runs everything that needs no further step: promises, and what Node keeps for them. */
const settled = () => new Promise<void>((resolve) => void setImmediate(resolve))

interface Run {
  readonly stage: Stage
  steps: number
}

/** One action or one move of the clock. @returns whether there was anything to do until `untilMs` */
async function step(run: Run, untilMs: number): Promise<boolean> {
  const { world, callers, witness } = run.stage
  run.steps += 1
  if (run.steps > mostSteps) witness.fail('it never comes to rest')
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
  const { world, witness } = run.stage
  const untilMs = world.nowMs() + ms
  while (!witness.violation() && (await step(run, untilMs))) {
    // Every step is looked at by the witness.
  }
  world.advanceTo(untilMs)
}

/** Opens the tabs; somebody signs in in the first one. Nothing goes wrong yet. */
async function begin(run: Run): Promise<void> {
  const { browser, load, profile, server, random } = run.stage
  const first = browser.newTab()
  const page = load(first)
  await settled()
  await runFor(run, 1000)
  if (profile.startsSignedIn) {
    void page.auth.signIn().catch(() => {})
    for (let n = 0; n < 200 && first.leftFor === undefined; n++) await step(run, Infinity)
    const asked = new URL(first.leftFor ?? 'about:blank').searchParams
    const back = new URL(asked.get('redirect_uri') ?? '')
    back.searchParams.set('state', asked.get('state') ?? '')
    back.searchParams.set('code', server.authorize('ada'))
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
  const { stage } = run
  const { world, witness, profile, random } = stage
  const idleLimitMs = 2 * profile.lifetimeSeconds * 1000 + 30_000
  for (let number = 0; number < profile.acts && !witness.violation(); ) {
    const idleMs = world.nextDueMs() - world.nowMs()
    const isIdle = idleMs > 0
    const isTime = random.chance(isIdle ? 0.15 : profile.haste)
    if (isTime || idleMs > idleLimitMs) {
      if (!options.without?.has(number)) {
        const done = actOnce(stage, createRandom(mixSeeds(options.seed, 5, number)))
        if (done) acts.push([number, done])
        world.note(`== ${number}: ${done ?? 'nothing'}`)
        await settled()
      }
      number += 1
    } else await step(run, Infinity)
  }
}

/** Ends all troubles, and sees whether every tab recovers by itself. */
async function end(run: Run): Promise<void> {
  const { stage } = run
  const { browser, troubles, world, callers } = stage
  world.note('== all troubles end')
  troubles.end()
  for (const page of browser.pages()) {
    thaw(stage, page)
    page.isThrottled = false
    callers.restart(page)
  }
  await settled()
  await runFor(run, calmMs)
  for (const page of browser.pages()) {
    page.tab.isVisible = true
    page.wake(stage.random.chance(0.5) ? 'visible' : 'online')
  }
  await settled()
  await runFor(run, calmMs)
  for (const page of browser.pages()) askForToken(stage, page, undefined)
  await settled()
  await runFor(run, 40_000)
  if (!stage.witness.violation()) await checkRecovery(run)
}

/** Every tab shows what is stored, and serves a token if the server has not ended the session. */
async function checkRecovery(run: Run): Promise<void> {
  const { browser, witness, callers, requestTimeoutMs } = run.stage
  const pages = browser.pages()
  const served = new Map<string, string>()
  for (const page of pages) {
    if (!page.isReady) witness.fail(`${page.name} never becomes ready`)
    const call = page.auth.getAccessToken
    callers.watch(page, 'getAccessToken', requestTimeoutMs, call, (token) => served.set(page.name, token))
  }
  await settled()
  await runFor(run, 20_000)
  // A renewal may be under way at any moment: some moment is quiet.
  for (let n = 0; n < 40 && disagreement(run, served) !== undefined; n++) await runFor(run, 300)
  const problem = disagreement(run, served) ?? (await missingOthers(run))
  if (problem) witness.fail(problem)
}

/** What is wrong with a tab, compared with the store. */
function disagreement({ stage }: Run, served: ReadonlyMap<string, string>): string | undefined {
  const { browser, witness, sessionOnDisk } = stage
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
    if (witness.sessionOf(stored.sessionId)?.family.ended) continue
    if (!served.has(page.name)) return `${page.name} serves no token though all troubles are over`
    if (shows.isStale) return `${page.name} is still stale though all troubles are over`
  }
  return undefined
}

/** Asks for a token for another resource in every tab. @returns who is served none, though the server would give one */
async function missingOthers(run: Run): Promise<string | undefined> {
  const { browser, profile, witness, sessionOnDisk, callers, requestTimeoutMs } = run.stage
  const isOver = () => {
    const stored = sessionOnDisk()
    return !stored || stored.ended !== undefined || witness.sessionOf(stored.sessionId)?.family.ended
  }
  if (profile.withoutRefreshToken) return undefined
  const served = new Set<string>()
  const unserved = () => browser.pages().filter(({ name }) => !isOver() && !served.has(name))
  const resource = resources[1]
  // A request that never ends keeps the lock: whoever waits for it gives up before the lock does, and tries again.
  for (let tries = 0; tries < 4 && unserved().length > 0; tries++) {
    for (const page of unserved()) {
      const call = () => page.auth.getAccessToken({ resource })
      callers.watch(page, 'getAccessToken for another resource', requestTimeoutMs, call, () =>
        served.add(page.name),
      )
    }
    await settled()
    await runFor(run, 13_000)
  }
  const [page] = unserved()
  return page && `${page.name} serves no token for another resource though all troubles are over`
}

/** Runs one schedule: the seed determines everything in it. */
export async function runSchedule(options: ScheduleOptions): Promise<ScheduleOutcome> {
  const { core, seed, tally = createTally(), defects = {}, trace } = options
  const stage = createStage({ core, seed, tally, defects, trace })
  const run: Run = { stage, steps: 0 }
  const acts: [number, string][] = []
  stage.world.note(JSON.stringify(stage.profile))
  await begin(run)
  stage.troubles.begin()
  await main(run, options, acts)
  await end(run)
  stage.witness.conclude()
  for (const page of stage.browser.pages()) stage.browser.end(page, false)
  return { violation: stage.witness.violation(), steps: run.steps, acts }
}
