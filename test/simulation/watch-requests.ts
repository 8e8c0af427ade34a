import { sendLimitMs } from '../../packages/core/src/model/lease.ts'
import type { Evidence } from './evidence.ts'
import { isNeverProcessed, type Sent } from './network.ts'
import { resources } from './simulated-server.ts'
import type { Actor } from './world.ts'

/** Looks at every request: when it leaves, when the server has processed it, when its sender is told. */
export interface RequestWatch {
  readonly sends: (sent: Sent) => void
  readonly processed: (sent: Sent) => void
  readonly delivered: (sent: Sent, waitUntilMs: number | undefined) => void
  /** Whether tokens of the stored session would be lost if this page stopped now. */
  readonly isPrecious: (page: Actor) => boolean
  /** Whether a page is in the middle of a refresh: a request is out, or is about to be. */
  readonly isBusy: (page: Actor) => boolean
  /** Whether a page has tokens that it could not store yet. */
  readonly hasUnstored: (page: Actor) => boolean
  /** Whether a page waits for the response to a token request that may still come. */
  readonly isWaiting: () => boolean
  /** Checks what can only be told at the end. */
  readonly conclude: () => void
}

/** Counted even if they never happen, so that the report shows it. */
export const overlapping = 'invariant 3: requests that overlap while the sender runs'
export const replaced = 'invariant 3: requests after a 200 that replaced their refresh token'

/** Fractions of a millisecond are lost on the way through wall-clock times. */
const roundingMs = 1
const minPauseMs = 1000
const shortLifetimeSeconds = 5
/** Responses that come later than callers wait for. */
const lateMs = 10_000

export function watchRequests(evidence: Evidence): RequestWatch {
  const { world, server, tally, profile, sessions, requests, leaseWriters, sessionOnDisk, waits, fail } =
    evidence
  const { isSafe, rotation } = profile
  const isRotating = rotation !== 'none'
  const isWithinLimit = ({ sentMs }: Sent) => world.nowMs() - sentMs < sendLimitMs - roundingMs

  /** Invariant 1. */
  const checkIssuer = ({ kind, secret, origin }: Sent) => {
    const issuer = server.issuerOf(secret)
    if (issuer !== undefined && issuer !== origin)
      fail(`invariant 1: ${kind} sends ${secret} of ${issuer} to ${origin}`)
  }

  const checkRevocation = ({ secret }: Sent) => {
    const onDisk = sessionOnDisk()
    const session = onDisk?.ended === undefined ? sessions.get(onDisk?.sessionId) : undefined
    const families = [server.familyOf(secret), server.accessToken(secret)?.family]
    if (session && families.includes(session.family) && !session.wasSignedOut)
      fail('invariant 6: the stored session is revoked though the user did not sign out')
  }

  const checkLease = ({ actor, secret }: Sent) => {
    const onDisk = sessionOnDisk()
    if (!onDisk?.lease || onDisk.refreshToken !== secret) return
    const owner = leaseWriters.get(onDisk.lease.attemptId)
    if (owner !== actor && owner?.state !== 'dead' && !isUnwritable())
      fail(`invariant 3: ${actor.name} sends ${secret} under the lease of ${owner?.name}`)
  }

  /** A disk that takes no lease leaves the one before; the Web Lock stands for it. */
  const isUnwritable = () => profile.diskFaults.length > 0 && profile.hasLocks

  const checkWait = ({ actor, secret }: Sent) => {
    if (world.hasJumped()) return
    const own = waits.get(actor)
    const untilMs = Math.max(own?.secret === secret ? own.untilMs : 0, evidence.storedWaitMs)
    if (sessionOnDisk()?.refreshToken === secret && world.nowMs() < untilMs - roundingMs)
      fail(`invariant 7: ${actor.name} sends ${secret} though the server asked to wait`)
  }

  /** The user signed out: the fate of its tokens does not matter. */
  const isLeft = ({ secret }: Sent): boolean =>
    sessions.all().some(({ family, wasSignedOut }) => wasSignedOut && family === server.familyOf(secret))

  const resourceOf = ({ parameters }: Sent) => parameters.get('resource')

  /** Whether the failure of `one` is one of the server, not of one resource. */
  const isServerDown = ({ status = 503 }: Sent) => status === 429 || status >= 500

  /** Whether the failure of `one` makes the sender of `sent` wait. */
  const isKnownTo = (sent: Sent, one: Sent) =>
    (one.actor === sent.actor && resourceOf(one) === resourceOf(sent)) ||
    (one.actor.state === 'running' &&
      (isServerDown(one) || resourceOf(one) === resources[0]) &&
      profile.diskFaults.length === 0 &&
      Number(one.settledMs) - one.sentMs <= sendLimitMs)

  const checkFloor = (sent: Sent, one: Sent) => {
    const isFailure = one.state === 'failed' && !one.asksForNonce
    const pauseMs = sent.sentMs - Number(one.settledMs)
    if (isFailure && !world.hasJumped() && isKnownTo(sent, one) && pauseMs < minPauseMs - roundingMs)
      fail(`invariant 7: ${sent.actor.name} sends ${sent.secret} ${pauseMs} ms after a failure`)
  }

  const checkOverlap = (sent: Sent, one: Sent) => {
    if (one.state !== 'out' || one.actor.state === 'dead' || !isWithinLimit(one)) return
    tally.count(overlapping)
    fail(`invariant 3: ${sent.actor.name} sends ${sent.secret} while the request of ${one.actor.name} is out`)
  }

  /** Whether the response to `one` reached a page that still has its tokens and lets the others know. */
  const isKept = (one: Sent): boolean => {
    if (one.isStored) return true
    if (one.actor.state === 'dead') return false
    // Without its lock, tokens that could not be stored are those of one tab.
    if (profile.hasLockRefusals && profile.diskFaults.length > 0) return false
    const isLimited = !profile.hasLocks || one.actor.state === 'frozen'
    return !isLimited || isWithinLimit(one)
  }

  const checkReplaced = (sent: Sent, one: Sent) => {
    // Nothing is lost of a grant that the server has ended.
    const isEnded = server.familyOf(sent.secret)?.ended !== undefined
    if (!isRotating || one.state !== 'answered' || !isKept(one) || isLeft(one) || isEnded) return
    tally.count(replaced)
    fail(
      `invariant 3: ${sent.actor.name} sends ${sent.secret} after the 200 that ${one.actor.name} got for it`,
    )
  }

  const causeOf = (sent: Sent, earlier: readonly Sent[]): string => {
    const last = earlier.at(-1)
    if (!last) return 'first'
    if (last.asksForNonce) return 'after a DPoP nonce'
    if (last.state === 'failed') return 'after a failure'
    if (last.actor.state === 'dead') return 'after its sender was gone'
    if (last.state === 'answered') return isRotating ? 'after its response was not kept' : 'not rotated'
    return sent.actor === last.actor ? 'after the limit' : 'after the limit, by another tab'
  }

  const checkRefresh = (sent: Sent, earlier: readonly Sent[]) => {
    checkLease(sent)
    checkWait(sent)
    for (const one of earlier) {
      checkFloor(sent, one)
      checkOverlap(sent, one)
      checkReplaced(sent, one)
    }
    tally.count(`refresh token sent: ${causeOf(sent, earlier)}`)
  }

  /** Invariant 7, for tokens that live a second or two. */
  const checkPace = (sent: Sent) => {
    // With DPoP a token counts from the request before the one with the right nonce.
    // With odd members it may live longer than that.
    const { lifetimeSeconds, hasDpop, hasOddMembers } = profile
    if (lifetimeSeconds >= shortLifetimeSeconds || hasDpop || hasOddMembers || world.hasJumped()) return
    const family = server.familyOf(sent.secret)
    const last = requests.findLast(
      (one) =>
        one.kind === 'refresh' &&
        one.isStored &&
        server.familyOf(one.secret) === family &&
        resourceOf(one) === resourceOf(sent),
    )
    if (last && sent.sentMs - last.sentMs < minPauseMs - roundingMs)
      fail(`invariant 7: ${sent.actor.name} refreshes twice in a second`)
  }

  const isPrecious = (page: Actor): boolean => {
    const onDisk = sessionOnDisk()
    const family = onDisk?.ended === undefined ? sessions.get(onDisk?.sessionId)?.family : undefined
    return requests.some(
      ({ actor, kind, state, isStored, secret, fault }) =>
        actor === page &&
        kind === 'refresh' &&
        ((state === 'out' && !isNeverProcessed(fault)) || (state === 'answered' && !isStored)) &&
        server.familyOf(secret) === family,
    )
  }

  /** Invariant 5. */
  const checkDropped = (one: Sent) => {
    const onDisk = sessionOnDisk()
    const isWanted = onDisk?.refreshToken === one.secret && server.familyOf(one.secret)?.ended === undefined
    if (isRotating && one.state === 'answered' && !one.isStored && one.actor.state === 'running' && isWanted)
      fail(`invariant 5: ${one.actor.name} drops the response to ${one.secret}`)
  }

  return {
    sends: (sent) => {
      const { kind, secret, fault } = sent
      tally.count(`request: ${kind}`)
      if (fault) tally.count(`network: ${fault}`)
      const earlier = requests.filter((other) => other.kind === kind && other.secret === secret)
      if (kind === 'code' && earlier.some(({ asksForNonce }) => !asksForNonce)) fail('a code is sent twice')
      if (kind !== 'api') checkIssuer(sent)
      if (kind === 'revoke') checkRevocation(sent)
      if (kind === 'refresh') {
        checkPace(sent)
        checkRefresh(sent, earlier)
      }
      requests.push(sent)
    },
    processed: (sent) => {
      const { kind, secret } = sent
      if (kind !== 'refresh' || server.familyOf(secret)?.ended !== 'reuse') return
      tally.count('server: reuse detected')
      if (isSafe && !isLeft(sent)) fail(`invariant 10: ${secret} is used twice though no response was lost`)
    },
    delivered: ({ kind, actor, secret, sentMs, state, asksForNonce }, waitUntilMs) => {
      if (kind !== 'refresh') return
      if (asksForNonce) tally.count('response: asks for a DPoP nonce')
      if (waitUntilMs !== undefined) {
        tally.count(waitUntilMs > world.nowMs() ? 'response: asks to wait' : 'response: Retry-After is over')
        waits.set(actor, { secret, untilMs: waitUntilMs })
      }
      if (world.nowMs() - sentMs > lateMs)
        tally.count(state === 'answered' ? 'response: late' : 'response: late failure')
      if (world.nowMs() - sentMs > sendLimitMs && state === 'answered')
        tally.count('response: after the limit')
    },
    isPrecious,
    isBusy: (page) => leaseWriters.get(sessionOnDisk()?.lease?.attemptId ?? '') === page || isPrecious(page),
    hasUnstored: (page) =>
      requests.some(
        ({ actor, kind, state, isStored }) =>
          actor === page && kind !== 'revoke' && state === 'answered' && !isStored,
      ),
    isWaiting: () =>
      requests.some(
        (one) =>
          (one.kind === 'refresh' || one.kind === 'code') &&
          one.state === 'out' &&
          one.actor.state === 'running' &&
          isWithinLimit(one),
      ),
    conclude: () => {
      for (const one of requests) {
        if (one.kind !== 'refresh' || one.state !== 'answered' || one.isStored) continue
        tally.count('response: never stored')
        checkDropped(one)
      }
    },
  }
}
