import {
  type AuthorizationServer,
  createAuthorizationServer,
  issuer,
} from '../support/authorization-server.ts'
import { appOrigin, type Browser, createBrowser, type Page, type Tab } from './browser.ts'
import { type Callers, createCallers } from './callers.ts'
import { createChannels } from './channels.ts'
import { createDisk, type Disk, type DiskDefects } from './disk.ts'
import type { Core } from './load-core.ts'
import { createLocks } from './locks.ts'
import { createNetwork } from './network.ts'
import { drawProfile, type Profile, resources } from './profile.ts'
import { createRandom, mixSeeds, type Random } from './random.ts'
import type { SeenRecord } from './sessions.ts'
import type { Tally } from './tally.ts'
import { createTroubles, type Troubles } from './troubles.ts'
import { createWitness, type Witness } from './witness.ts'
import { createWorld, type World } from './world.ts'

/** What is broken on purpose, to show that it is noticed. */
export interface Defects extends DiskDefects {
  readonly withoutLocks?: boolean
}

/** Everything that takes part in one schedule. */
export interface Stage {
  readonly random: Random
  readonly profile: Profile
  readonly world: World
  readonly server: AuthorizationServer
  readonly disk: Disk
  readonly browser: Browser
  readonly troubles: Troubles
  readonly witness: Witness
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

export interface StageOptions {
  readonly core: Core
  readonly seed: number
  readonly tally: Tally
  readonly defects: Defects
  readonly trace: string[] | undefined
}

export function createStage({ core, seed, tally, defects, trace }: StageOptions): Stage {
  const random = createRandom(mixSeeds(seed, 1))
  const profile = drawProfile(createRandom(mixSeeds(seed, 2)))
  core.reseed(mixSeeds(seed, 3))
  const world = createWorld(random, trace)
  const server = createAuthorizationServer(profile, world.nowMs)
  const clientOptions = core.resolveOptions({
    clientId: 'simulated',
    redirectUri: '/callback',
    scope: 'messaging.read',
    issuer,
    resource: resources,
    requestTimeoutMs,
    idleTimeoutMs: profile.idleTimeoutMs,
    maxSessionMs: profile.maxSessionMs,
  })
  const sessionKey = JSON.stringify([issuer, 'simulated', '', ...resources])
  const sessionOnDisk = () => disk.get(sessionKey) as SeenRecord | undefined
  const witness: Witness = createWitness({
    world,
    server,
    tally,
    requestTimeoutMs,
    sessionOnDisk,
    isSafe: profile.isSafe,
    rotates: profile.rotation !== 'none',
    isAsked: (page) => callers.isAsked(page),
    mayExpire:
      profile.withoutRefreshToken || profile.maxSessionMs < Infinity || profile.idleTimeoutMs < Infinity,
  })
  const isAboutUnstored = ({ generation }: { generation: number }) =>
    generation !== (sessionOnDisk()?.generation ?? 0)
  const troubles = createTroubles(
    createRandom(mixSeeds(seed, 4)),
    profile,
    tally,
    world.nowMs,
    (message) => profile.isFragile && isAboutUnstored(message),
    witness.hasAnswer,
  )
  const upTo = (longestMs: number) => () => (random.chance(0.5) ? 0 : random.between(0, longestMs))
  const disk: Disk = createDisk(world, {
    latencyMs: upTo(profile.diskLatencyMs),
    fault: troubles.diskFault,
    onWrite: witness.wrote,
    defects,
  })
  const mayStop = (page: Page) => !profile.isFragile || !witness.isPrecious(page)
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
      isRefused: troubles.areLocksRefused,
      areBroken: defects.withoutLocks === true,
      onTimeout: () => tally.count('lock: timed out'),
    }),
    channels: createChannels(world, {
      latencyMs: upTo(profile.messageLatencyMs),
      fate: troubles.messageFate,
    }),
    network: createNetwork(world, {
      server,
      hasRevocation: profile.hasRevocation,
      latencyMs: upTo(profile.networkLatencyMs),
      fault: troubles.networkFault,
      onSend: witness.sends,
      onProcessed: witness.processed,
      onDelivered: witness.delivered,
    }),
    onNavigate: (page) => {
      comeBack(stage, page.tab)
      leave(page)
    },
    onPage: (page) => {
      page.auth.subscribe(() => witness.published(page, page.auth.getSnapshot()))
      callers.watch(page, 'ready', readyBoundMs, page.auth.ready, () => {
        page.isReady = true
      })
    },
    onEvent: (_page, event) => witness.happened(event),
  })
  const callers = createCallers(world, witness, tally)
  const stage: Stage = {
    random,
    profile,
    world,
    server,
    disk,
    browser,
    troubles,
    witness,
    callers,
    tally,
    requestTimeoutMs,
    sessionOnDisk,
    load: browser.load,
    mayStop,
  }
  return stage
}

/** What a person at the authorization server does, some time later. */
function comeBack(stage: Stage, tab: Tab): void {
  const { world, random, browser, server, tally } = stage
  const delayMs = random.chance(0.5) ? random.between(0, 3000) : random.between(3000, 60_000)
  world.later(undefined, `${tab.name} comes back from the server`, delayMs, () => {
    if (tab.leftFor === undefined || !browser.tabs.includes(tab)) return
    if (tab.page) return comeBack(stage, tab)
    const asked = new URL(tab.leftFor).searchParams
    const back = new URL(asked.get('redirect_uri') ?? '')
    back.searchParams.set('state', asked.get('state') ?? '')
    const outcome = random.next()
    if (outcome < 0.86) back.searchParams.set('code', server.authorize(random.pick(['ada', 'ben'])))
    else if (outcome < 0.93) back.searchParams.set('error', 'access_denied')
    tally.count(
      `sign-in: ${outcome < 0.86 ? 'granted' : outcome < 0.93 ? 'denied' : 'left by the back button'}`,
    )
    tab.href = outcome < 0.93 ? back.href : `${appOrigin}/`
    stage.load(tab)
  })
}
