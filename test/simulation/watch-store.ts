import type { Page } from './browser.ts'
import { isSessionKey, type Write } from './disk.ts'
import type { Evidence } from './evidence.ts'
import { described, type SeenRecord } from './sessions.ts'
import type { Actor } from './world.ts'

/** Looks at every write. */
export interface StoreWatch {
  readonly wrote: (write: Write) => void
  readonly cleared: () => void
  /** A person wants to be signed out: of what the page shows and of what is stored. */
  readonly signsOut: (page: Page, shown: string | undefined) => void
}

const lateMs = 10_000

export function watchStore(evidence: Evidence): StoreWatch {
  const { world, server, tally, profile, sessions, requests, leaseWriters, generations, waits, fail } =
    evidence
  const isRotating = profile.rotation !== 'none'
  let stored = 0
  let newestStored = 0

  const watchLease = (actor: Actor, before: SeenRecord | undefined, after: SeenRecord) => {
    const { lease } = after
    if (!lease || before?.lease?.attemptId === lease.attemptId) return
    leaseWriters.set(lease.attemptId, actor)
    tally.count(lease.locked ? 'lease: written under the lock' : 'lease: written without the lock')
    const previous = before?.lease && leaseWriters.get(before.lease.attemptId)
    if (!previous) return
    const session = sessions.get(after.sessionId)
    if (session && previous !== actor) session.wasAbandoned = true
    if (previous === actor) tally.count('lease: written anew by its owner')
    else if (previous.state === 'dead') tally.count('lease: taken over from a dead page')
    else if (previous.state === 'frozen') tally.count('lease: taken over from a frozen page')
    else tally.count('lease: taken over from a silent page')
  }

  const watchWait = (actor: Actor, before: SeenRecord | undefined, after: SeenRecord) => {
    const own = waits.get(actor)
    const isNew = after.failures && after.failures.count !== before?.failures?.count
    if (isNew) evidence.storedWaitMs = own && own.secret === after.refreshToken ? own.untilMs : 0
    if (!after.failures) evidence.storedWaitMs = 0
  }

  const watchFirst = (accessToken: string) => {
    const code = requests.findIndex((sent) => sent.kind === 'code' && sent.accessToken === accessToken)
    if (code >= 0 && code < (evidence.lastSignOut ?? 0))
      fail('somebody signs out, and a sign-in that was under way signs in again')
  }

  const watchStored = (accessToken: string, refreshToken?: string) => {
    for (const sent of requests) {
      const isNew = refreshToken !== undefined && sent.refreshToken === refreshToken && isRotating
      if ((sent.accessToken !== accessToken && !isNew) || sent.isStored) continue
      sent.isStored = true
      const isLate = world.nowMs() - sent.sentMs > lateMs
      if (sent.kind === 'refresh' && isLate) tally.count('response: late, and stored')
    }
  }

  const watchOthers = (before: SeenRecord | undefined, after: SeenRecord) => {
    const isSame = before?.sessionId === after.sessionId
    for (const [name, { token }] of Object.entries(after.resourceTokens ?? {})) {
      const { accessToken } = token
      if (isSame && before.resourceTokens?.[name]?.token.accessToken === accessToken) continue
      tally.count('response: another token stored')
      sessions.of(after.sessionId, accessToken)
      const resource = server.accessToken(accessToken)?.resource
      if (!name.includes(JSON.stringify(resource)))
        fail(`invariant 2: ${name} is stored with a token for ${resource}`)
      if (isSame && before.generation === after.generation) fail('two tokens are stored as one generation')
      watchStored(accessToken)
    }
  }

  const watchLive = (actor: Actor, before: SeenRecord | undefined, after: SeenRecord) => {
    const accessToken = after.token?.accessToken ?? ''
    const session = sessions.of(after.sessionId, accessToken)
    if (!session) return
    if (session.order === undefined) {
      watchFirst(accessToken)
      stored += 1
      session.order = stored
      // Whoever signed out has signed in again: of two sign-ins the last writer wins.
      evidence.lastSignOut = undefined
    }
    if (session.order < newestStored) fail('an older session is written over a newer one')
    newestStored = session.order
    if (session.isBuried) fail('invariant 9: a session that was ended is written again')
    if (session.wasCleared) fail('a session that was cleared is written back')
    if (before && after.generation < before.generation) fail('a generation is written over a later one')
    if (before?.sessionId === after.sessionId && before.token?.accessToken !== accessToken) {
      tally.count('response: stored')
      if (before.generation === after.generation) fail('two tokens are stored as one generation')
    }
    if (before && before.ended === undefined && before.sessionId !== after.sessionId)
      tally.count('session: replaced in the store')
    watchStored(accessToken, after.refreshToken)
    watchOthers(before, after)
    watchLease(actor, before, after)
    watchWait(actor, before, after)
  }

  const watchTombstone = ({ sessionId, ended }: SeenRecord) => {
    tally.count(`tombstone: ${ended || 'signed out'}`)
    const session = sessions.get(sessionId)
    if (session) session.isBuried = true
    if (ended !== '') return
    evidence.lastSignOut = requests.length
    if (session) session.wasSignedOut = true
  }

  return {
    wrote: ({ actor, key, before, after, isStored, isConfirmed, isFinal }) => {
      if (!isSessionKey(key)) return
      const was = before as SeenRecord | undefined
      const is = after as SeenRecord
      world.note(`   ${actor.name} ${isStored ? 'stored' : 'could not store'} ${described(is)}`)
      if (is.token) generations.set(is.token.accessToken, is.generation)
      const isResponse = was?.lease && !is.lease && is.generation > was.generation && is.ended === undefined
      if (!isStored && isFinal && isResponse) tally.count('response: not stored')
      if (!isStored) return
      if (is.ended === undefined) watchLive(actor, was, is)
      else watchTombstone(is)
      const session = sessions.get(is.sessionId)
      if (session && isConfirmed) session.isConfirmed = true
    },
    cleared: () => {
      evidence.clearings += 1
      evidence.lastSignOut = undefined
      newestStored = 0
      for (const session of sessions.all()) if (session.isConfirmed) session.wasCleared = true
    },
    signsOut: (_page, shown) => {
      for (const sessionId of [shown, evidence.sessionOnDisk()?.sessionId]) {
        const session = sessions.get(sessionId)
        if (session) session.wasSignedOut = true
      }
    },
  }
}
