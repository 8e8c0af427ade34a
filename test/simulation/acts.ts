import type { Page } from './browser.ts'
import type { Fixtures } from './fixtures.ts'
import type { Random } from './random.ts'
import { resources } from './simulated-server.ts'

/** Something that people or machines do. @returns what was done, or `undefined` if it was not possible */
type Act = (fixtures: Fixtures, random: Random) => string | undefined

const mostTabs = 8
/** How long a call may take beyond `requestTimeoutMs`: the disk's slowest answer and a bit. */
export const marginMs = 7000
const unreadyBoundMs = 90_000

const inState = ({ browser }: Fixtures, state: Page['state']): readonly Page[] =>
  browser.pages().filter((page) => page.state === state)

function pick<T>(random: Random, items: readonly T[]): T | undefined {
  return items.length > 0 ? random.pick(items) : undefined
}

/** Preferably a page in the middle of a refresh: that is where it hurts. */
function pickBusy({ checker }: Fixtures, random: Random, pages: readonly Page[]): Page | undefined {
  const busy = pages.filter(checker.isBusy)
  return pick(random, busy.length > 0 && random.chance(0.7) ? busy : pages)
}

/** How long a call in `page` may take. */
const boundMs = ({ requestTimeoutMs }: Fixtures, { isReady }: Page): number =>
  isReady ? requestTimeoutMs + marginMs : unreadyBoundMs

/**
 * Asks for a token, as any part of an app may at any time.
 *
 * @param other what the token is for, where it is not the session's own
 */
export function askForToken(
  fixtures: Fixtures,
  page: Page,
  minValidityMs: number | undefined,
  other?: string,
): void {
  const { callers, checker, server, world, profile } = fixtures
  const before = page.auth.getSnapshot()
  const began = before.status === 'signed-in' && page.isReady ? before.sessionId : undefined
  const call = () =>
    page.auth.getAccessToken({
      ...(minValidityMs !== undefined && { minValidityMs }),
      ...(other !== undefined && { resource: other }),
    })
  const what = other === undefined ? 'getAccessToken' : 'getAccessToken for another resource'
  callers.watch(page, what, boundMs(fixtures, page), call, (token) => {
    const known = server.accessToken(token)
    const family = began === undefined ? undefined : checker.sessionOf(began)?.family
    if (!known) checker.fail('a caller gets a token that the server never issued')
    else if (family && family !== known.family) checker.fail("a caller gets another session's token")
    else if (known.resource !== (other ?? resources[0]))
      checker.fail('invariant 2: a caller gets a token for another resource')
    else if (!world.hasJumped() && !profile.hasOddMembers && known.expiresMs <= world.nowMs())
      checker.fail('a caller gets a token that has expired')
  })
}

const burst: Act = (fixtures, random) => {
  const running = inState(fixtures, 'running')
  const pages = random.chance(0.5) ? running : running.filter(() => random.chance(0.4))
  const calls = random.between(1, 4)
  for (const page of pages) {
    for (let n = 0; n < calls; n++) askForToken(fixtures, page, random.pick([undefined, 0, 30_000]))
  }
  return pages.length > 0 ? `${calls} calls in each of ${pages.map(({ name }) => name)}` : undefined
}

const burstForOthers: Act = (fixtures, random) => {
  const [, ...others] = resources
  const pages = inState(fixtures, 'running').filter(() => random.chance(0.7))
  for (const page of pages) {
    for (let n = random.between(1, 3); n > 0; n--) {
      askForToken(fixtures, page, random.pick([undefined, 0, 30_000]), random.pick(others))
    }
  }
  return pages.length > 0 ? `calls for other resources in ${pages.map(({ name }) => name)}` : undefined
}

const forceRefresh: Act = (fixtures, random) => {
  const page = pick(random, inState(fixtures, 'running'))
  if (!page) return undefined
  fixtures.callers.watch(page, 'refresh', boundMs(fixtures, page), page.auth.refresh)
  return `${page.name} refreshes`
}

const fetchSomething: Act = (fixtures, random) => {
  const page = pick(random, inState(fixtures, 'running'))
  if (!page) return undefined
  const call = () => page.auth.fetch('https://api.telnyx.com/v2/phone_numbers')
  fixtures.callers.watch(page, 'fetch', 150_000, call)
  return `${page.name} fetches`
}

const signIn: Act = (fixtures, random) => {
  const page = pick(random, inState(fixtures, 'running'))
  if (!page) return undefined
  fixtures.callers.watch(page, 'signIn', 150_000, () => page.auth.signIn({ returnTo: '/inbox' }))
  return `${page.name} signs in`
}

const signOut: Act = (fixtures, random) => {
  const page = pick(random, inState(fixtures, 'running'))
  if (!page) return undefined
  const call = async () => {
    await page.auth.ready()
    fixtures.checker.signsOut(page)
    return page.auth.signOut()
  }
  fixtures.callers.watch(page, 'signOut', 600_000, call)
  return `${page.name} signs out`
}

const openTab: Act = (fixtures) => {
  if (fixtures.browser.tabs.length >= mostTabs) return undefined
  const page = fixtures.load(fixtures.browser.newTab())
  return `${page.name} is opened`
}

const stoppable = (fixtures: Fixtures): readonly Page[] => fixtures.browser.pages().filter(fixtures.mayStop)

const closeTab: Act = (fixtures, random) => {
  if (fixtures.browser.tabs.length < 2) return undefined
  const page = pickBusy(fixtures, random, stoppable(fixtures))
  if (!page) return undefined
  const isBusy = fixtures.checker.isBusy(page)
  fixtures.tally.count(isBusy ? 'page: killed while it refreshed' : 'page: killed')
  fixtures.browser.end(page, !fixtures.profile.isFragile && random.chance(0.5))
  fixtures.browser.close(page.tab)
  return `${page.name} is closed`
}

const reload: Act = (fixtures, random) => {
  const page = pickBusy(fixtures, random, stoppable(fixtures))
  if (!page) return undefined
  const isBusy = fixtures.checker.isBusy(page)
  fixtures.tally.count(isBusy ? 'page: reloaded while it refreshed' : 'page: reloaded')
  fixtures.browser.end(page, !fixtures.profile.isFragile && random.chance(0.5))
  return `${page.name} is reloaded as ${fixtures.load(page.tab).name}`
}

const freeze: Act = (fixtures, random) => {
  if (!fixtures.profile.hasFreezes) return undefined
  const page = pickBusy(fixtures, random, inState(fixtures, 'running').filter(fixtures.mayStop))
  if (!page) return undefined
  // A machine that is suspended tells nobody.
  if (random.chance(0.6)) page.fallAsleep()
  page.state = 'frozen'
  const isBusy = fixtures.checker.isBusy(page)
  fixtures.tally.count(isBusy ? 'page: frozen while it refreshed' : 'page: frozen')
  const wakesAfterMs = random.pick([500, 5000, 15_000, 60_000, 3_600_000])
  fixtures.world.later(undefined, `${page.name} may thaw`, wakesAfterMs, () => thaw(fixtures, page))
  return `${page.name} freezes`
}

/** Lets a frozen page go on. */
export function thaw({ callers, tally }: Fixtures, page: Page): void {
  if (page.state !== 'frozen') return
  page.state = 'running'
  tally.count('page: thawed')
  callers.restart(page)
  page.wake('visible')
}

const thawOne: Act = (fixtures, random) => {
  const page = pick(random, inState(fixtures, 'frozen'))
  if (!page) return undefined
  thaw(fixtures, page)
  return `${page.name} thaws`
}

const hideOrShow: Act = (fixtures, random) => {
  const page = pick(random, inState(fixtures, 'running'))
  if (!page) return undefined
  const { tab } = page
  tab.isVisible = !tab.isVisible
  page.isThrottled = !tab.isVisible && random.chance(0.3)
  fixtures.tally.count(tab.isVisible ? 'page: shown' : page.isThrottled ? 'page: throttled' : 'page: hidden')
  fixtures.callers.restart(page)
  if (tab.isVisible) page.wake('visible')
  return `${page.name} is ${tab.isVisible ? 'shown' : 'hidden'}`
}

const touch: Act = (fixtures, random) => {
  const page = pick(random, inState(fixtures, 'running'))
  page?.act()
  return page && `somebody types in ${page.name}`
}

function isRefreshing({ auth }: Page): boolean {
  const snapshot = auth.getSnapshot()
  return snapshot.status === 'signed-in' && snapshot.isRefreshing
}

/** Whether somebody signed out and no storage has taken that yet. */
function isLeaving({ sessionOnDisk, checker }: Fixtures): boolean {
  const stored = sessionOnDisk()
  return stored?.ended === undefined && checker.sessionOf(stored?.sessionId ?? '')?.wasSignedOut === true
}

const restartClient: Act = (fixtures, random) => {
  const { isBusy, hasUnstored } = fixtures.checker
  // Nor does a client that is disposed of go on to write that it was left.
  if (isLeaving(fixtures)) return undefined
  // Whoever disposes of a client in the middle of a refresh gives up what comes of it.
  const isIdle = (page: Page) => !isBusy(page) && !hasUnstored(page) && !isRefreshing(page)
  const page = pick(random, inState(fixtures, 'running').filter(isIdle))
  if (!page) return undefined
  page.auth.dispose()
  fixtures.tally.count('client: disposed and started again')
  fixtures.world.later(page, 'starts its client again', random.between(0, 3000), () => void page.auth.ready())
  return `${page.name} disposes of its client`
}

const breakNetwork: Act = ({ profile, faultSchedule }, random) => {
  const { networkFaults } = profile
  if (networkFaults.length === 0) return undefined
  const faults = random.chance(0.5) ? networkFaults : [random.pick(networkFaults)]
  const requests = random.pick([1, 1, 2, 5, 12])
  faultSchedule.breakNetwork(faults, requests)
  return `${requests} requests may meet: ${faults.join(', ')}`
}

const breakDisk: Act = ({ profile, faultSchedule }, random) => {
  const { diskFaults } = profile
  if (diskFaults.length === 0) return undefined
  const faults = random.chance(0.5) ? diskFaults : [random.pick(diskFaults)]
  const operations = random.pick([1, 2, 6, 30])
  faultSchedule.breakDisk(faults, operations)
  return `${operations} operations may meet: ${faults.join(', ')}`
}

const poison: Act = ({ profile, faultSchedule }, random) => {
  if (profile.diskFaults.length === 0) return undefined
  const writes = random.pick([1, 2, 4, 8])
  faultSchedule.poison(writes)
  return `${writes} writes of answers will fail`
}

const breakChannel: Act = ({ profile, faultSchedule }, random) => {
  if (!profile.hasMessageFaults) return undefined
  const forMs = random.pick([100, 5000, 60_000])
  faultSchedule.breakChannel(forMs)
  return `for ${forMs} ms messages are lost or late`
}

const refuseLocks: Act = ({ profile, faultSchedule }, random) => {
  if (!profile.hasLockRefusals) return undefined
  const forMs = random.pick([100, 5000])
  faultSchedule.refuseLocks(forMs)
  return `for ${forMs} ms locks are refused`
}

const toggleOnline: Act = (fixtures) => {
  const { faultSchedule, tally } = fixtures
  faultSchedule.goOffline(!faultSchedule.isOffline())
  if (faultSchedule.isOffline()) tally.count('network: offline')
  else for (const page of inState(fixtures, 'running')) if (page.tab.isVisible) page.wake('online')
  return faultSchedule.isOffline() ? 'offline' : 'online again'
}

const jump: Act = ({ profile, world, tally }, random) => {
  if (!profile.hasJumps) return undefined
  const ms = random.pick([-3_600_000, -360_000, -30_000, -1500, 1500, 30_000, 360_000, 3_600_000])
  world.jump(ms)
  tally.count(`clock: set ${ms < 0 ? 'back' : 'forward'}`)
  return `the clock is set by ${ms} ms`
}

const clearData: Act = (fixtures, random) => {
  const { profile, disk, checker, world, tally, browser } = fixtures
  if (!profile.hasEndings) return undefined
  disk.clear()
  checker.cleared()
  tally.count('disk: cleared')
  for (const page of browser.pages()) {
    // Not every way of clearing tells the pages.
    if (random.chance(0.5)) world.later(page, 'hears that its database is gone', 0, page.lostDatabase)
  }
  if (random.chance(0.5)) signIn(fixtures, random)
  return 'site data is cleared'
}

const changeIssuer: Act = ({ profile, server, tally }) => {
  if (!profile.hasSeveralIssuers) return undefined
  server.changeIssuer()
  tally.count('server: another issuer named')
  return 'the metadata of the resource name another issuer'
}

const revokeAtServer: Act = ({ profile, server, tally }) => {
  if (!profile.hasEndings) return undefined
  for (const family of server.families) family.ended ??= 'admin'
  tally.count('server: grants revoked by an administrator')
  return 'an administrator revokes all grants'
}

const letTimePass: Act = (fixtures, random) => {
  const { world, profile, browser, callers, tally } = fixtures
  if (!browser.pages().every(fixtures.mayStop)) return undefined
  const lifetimeMs = profile.lifetimeSeconds * 1000
  const ms = random.pick([1000, 11_000, lifetimeMs / 2, lifetimeMs, 2 * lifetimeMs])
  // Whatever is due meanwhile happens late, as on a machine that slept.
  world.advanceTo(world.nowMs() + ms)
  for (const page of browser.pages()) callers.restart(page)
  tally.count('clock: the machine slept')
  return `the machine sleeps for ${ms} ms`
}

const acts: readonly (readonly [weight: number, act: Act])[] = [
  [14, burst],
  [6, burstForOthers],
  [4, forceRefresh],
  [3, fetchSomething],
  [6, signIn],
  [4, signOut],
  [4, openTab],
  [5, closeTab],
  [4, reload],
  [7, freeze],
  [3, thawOne],
  [5, hideOrShow],
  [1, touch],
  [1, restartClient],
  [10, breakNetwork],
  [6, breakDisk],
  [5, poison],
  [4, breakChannel],
  [1, refuseLocks],
  [2, toggleOnline],
  [4, jump],
  [2, clearData],
  [3, changeIssuer],
  [1, revokeAtServer],
  [5, letTimePass],
]

const totalWeight = acts.reduce((sum, [weight]) => sum + weight, 0)

/** Does one thing that `random` determines. @returns what it was */
export function actOnce(fixtures: Fixtures, random: Random): string | undefined {
  let point = random.below(totalWeight)
  for (const [weight, act] of acts) {
    point -= weight
    if (point < 0) return act(fixtures, random)
  }
  return undefined
}
