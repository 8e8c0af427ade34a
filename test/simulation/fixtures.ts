import { appOrigin, type Browser, createBrowser, type Page, type Tab } from './browser.ts'
import { type Callers, createCallers } from './callers.ts'
import { createChannels } from './channels.ts'
import { createDisk, type Disk, type DiskDefects } from './disk.ts'
import { createFaultSchedule, type FaultSchedule } from './fault-schedule.ts'
import { createInvariantChecker, type InvariantChecker } from './invariant-checker.ts'
import type { Core } from './load-core.ts'
import { createLocks } from './locks.ts'
import { createNetwork } from './network.ts'
import { drawProfile, type Profile } from './profile.ts'
import { createRandom, mixSeeds, type Random } from './random.ts'
import type { SeenRecord } from './sessions.ts'
import { createSimulatedServer, issuers, resources, type SimulatedServer } from './simulated-server.ts'
import type { Tally } from './tally.ts'
import { createWorld, type World } from './world.ts'

/** What is broken on purpose, to show that it is noticed. */
export interface Defects extends DiskDefects {
  readonly withoutLocks?: boolean
  /** Pages freeze for an hour between the write of a lease and its result: no defect, but rare. */
  readonly freezesSenders?: boolean
}

/** Everything that takes part in one schedule. */
export interface Fixtures {
  readonly random: Random
  readonly profile: Profile
  readonly world: World
  readonly server: SimulatedServer
  readonly disk: Disk
  readonly browser: Browser
  readonly faultSchedule: FaultSchedule
  readonly checker: InvariantChecker
  readonly callers: Callers
  readonly tally: Tally
  readonly requestTimeoutMs: number
  readonly sessionOnDisk: () => SeenRecord | undefined
  /** Loads a tab and watches what its client shows. */
  readonly load: (tab: Tab) => Page
  /** Whether a page may stop now without breaking the promise of this schedule. */
  readonly mayStop: (page: Page) => boolean
}

const requestTimeoutMs = 10_000
/** A caller waits for the request, and for the disk. */
const readyBoundMs = 75_000

export interface FixtureOptions {
  readonly core: Core
  readonly seed: number
  readonly tally: Tally
  readonly defects: Defects
  readonly trace: string[] | undefined
}

export function createFixtures({ core, seed, tally, defects, trace }: FixtureOptions): Fixtures {
  const random = createRandom(mixSeeds(seed, 1))
  const profile = drawProfile(createRandom(mixSeeds(seed, 2)))
  const { clockAheadMs, hasOddMembers } = profile
  if (clockAheadMs !== 0) tally.count(`clock: minutes ${clockAheadMs > 0 ? 'ahead of' : 'behind'} the server`)
  if (hasOddMembers) tally.count('server: odd members in responses')
  core.reseed(mixSeeds(seed, 3))
  const world = createWorld(random, clockAheadMs, trace)
  const server = createSimulatedServer(profile, world.nowMs)
  const clientOptions = core.resolveOptions({
    clientId: 'simulated',
    redirectUri: '/callback',
    scope: 'messaging.read',
    ...(profile.hasSeveralIssuers
      ? { allowedIssuers: issuers, metadataLifetimeMs: 60_000 }
      : { issuer: issuers[0] }),
    resource: resources,
    requestTimeoutMs,
    idleTimeoutMs: profile.idleTimeoutMs,
    maxSessionMs: profile.maxSessionMs,
  })
  const sessionKey = core.sessionKeyOf(clientOptions)
  const sessionOnDisk = () => disk.get(sessionKey) as SeenRecord | undefined
  const checker: InvariantChecker = createInvariantChecker({
    world,
    server,
    tally,
    profile,
    sessionOnDisk,
    isAsked: (page) => callers.isAsked(page),
    mayExpire:
      profile.withoutRefreshToken || profile.maxSessionMs < Infinity || profile.idleTimeoutMs < Infinity,
  })
  const faultSchedule = createFaultSchedule(
    createRandom(mixSeeds(seed, 4)),
    profile,
    tally,
    world.nowMs,
    checker.hasUnstored,
  )
  const upTo = (longestMs: number) => () => (random.chance(0.5) ? 0 : random.between(0, longestMs))
  const disk: Disk = createDisk(world, {
    latencyMs: upTo(profile.diskLatencyMs),
    fault: faultSchedule.diskFault,
    onWrite: (write) => {
      checker.wrote(write)
      const page = browser.pages().find((one) => one === write.actor)
      const isSender = page !== undefined && checker.isBusy(page) && !checker.isPrecious(page)
      if (defects.freezesSenders && isSender && faultSchedule.isOn() && random.chance(0.1)) freeze(page)
    },
    defects,
  })
  const freeze = (page: Page) => {
    page.fallAsleep()
    page.state = 'frozen'
    world.later(undefined, `${page.name} may thaw`, 3_600_000, () => {
      if (page.state !== 'frozen') return
      page.state = 'running'
      callers.restart(page)
      page.wake('visible')
    })
  }
  const mayStop = (page: Page) => !profile.isFragile || !checker.isPrecious(page)
  const leave = (page: Page) => {
    // A page goes on until the next one has arrived.
    const leaveAfter = (delayMs: number) =>
      world.later(page, 'is left', delayMs, () => {
        if (mayStop(page)) browser.end(page, true)
        else leaveAfter(500)
      })
    leaveAfter(random.between(0, 50))
  }
  const browser: Browser = createBrowser(world, {
    core,
    clientOptions,
    disk,
    locks: createLocks(world, {
      exist: profile.hasLocks,
      latencyMs: upTo(2),
      isRefused: faultSchedule.areLocksRefused,
      areBroken: defects.withoutLocks === true,
      onTimeout: () => tally.count('lock: timed out'),
    }),
    channels: createChannels(world, {
      latencyMs: upTo(profile.messageLatencyMs),
      fate: faultSchedule.messageFate,
    }),
    network: createNetwork(world, {
      server,
      latencyMs: upTo(profile.networkLatencyMs),
      fault: faultSchedule.networkFault,
      onSend: checker.sends,
      onProcessed: checker.processed,
      onDelivered: checker.delivered,
    }),
    onNavigate: (page) => {
      comeBack(fixtures, page.tab)
      leave(page)
    },
    onPage: (page) => {
      page.auth.subscribe(() => checker.published(page, page.auth.getSnapshot()))
      callers.watch(page, 'ready', readyBoundMs, page.auth.ready, () => {
        page.isReady = true
      })
    },
    onEvent: (_page, event) => checker.happened(event),
  })
  const callers = createCallers(world, checker, tally)
  const fixtures: Fixtures = {
    random,
    profile,
    world,
    server,
    disk,
    browser,
    faultSchedule,
    checker,
    callers,
    tally,
    requestTimeoutMs,
    sessionOnDisk,
    load: browser.load,
    mayStop,
  }
  return fixtures
}

/** What a person at the authorization server does, some time later. */
function comeBack(fixtures: Fixtures, tab: Tab): void {
  const { world, random, browser, server, tally } = fixtures
  const delayMs = random.chance(0.5) ? random.between(0, 3000) : random.between(3000, 60_000)
  world.later(undefined, `${tab.name} comes back from the server`, delayMs, () => {
    if (tab.leftFor === undefined || !browser.tabs.includes(tab)) return
    if (tab.page) return comeBack(fixtures, tab)
    const asked = new URL(tab.leftFor).searchParams
    const back = new URL(asked.get('redirect_uri') ?? '')
    back.searchParams.set('state', asked.get('state') ?? '')
    const outcome = random.next()
    if (outcome < 0.86)
      back.searchParams.set(
        'code',
        server.authorize(random.pick(['ada', 'ben']), new URL(tab.leftFor).origin),
      )
    else if (outcome < 0.93) back.searchParams.set('error', 'access_denied')
    tally.count(
      `sign-in: ${outcome < 0.86 ? 'granted' : outcome < 0.93 ? 'denied' : 'left by the back button'}`,
    )
    tab.href = outcome < 0.93 ? back.href : `${appOrigin}/`
    fixtures.load(tab)
  })
}
