import type { Evidence } from './evidence.ts'
import { isNeverProcessed, type Sent } from './network.ts'
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
  readonly hasAnswer: (page: Actor) => boolean
  /** Counts what can only be told at the end. */
  readonly conclude: () => void
}

/** Fractions of a millisecond are lost on the way through wall-clock times. */
const roundingMs = 1

export function watchRequests(evidence: Evidence): RequestWatch {
  const { world, server, tally, sessions, requests, leaseWriters, sessionOnDisk, fail } = evidence
  const { requestTimeoutMs, rotates, isSafe } = evidence
  const generationAt = new Map<Sent, number | undefined>()
  const waits = new Map<Actor, { readonly secret: string; readonly untilMs: number }>()

  const checkRevocation = ({ secret }: Sent) => {
    const onDisk = sessionOnDisk()
    const session = onDisk?.ended === undefined ? sessions.get(onDisk?.sessionId) : undefined
    const families = [server.familyOf(secret), server.accessToken(secret)?.family]
    if (session && families.includes(session.family) && !session.wasSignedOut)
      fail('the stored session is revoked though nobody signed out')
  }

  const checkLease = ({ actor, secret }: Sent) => {
    const onDisk = sessionOnDisk()
    if (!onDisk?.lease || onDisk.refreshToken !== secret) return
    const owner = leaseWriters.get(onDisk.lease.attemptId)
    if (owner !== actor) fail(`${actor.name} sends ${secret} under the lease of ${owner?.name}`)
  }

  const checkWait = ({ actor, secret }: Sent) => {
    if (world.hasJumped()) return
    const own = waits.get(actor)
    const untilMs = Math.max(own?.secret === secret ? own.untilMs : 0, evidence.waitUntilMs)
    if (sessionOnDisk()?.refreshToken === secret && world.nowMs() < untilMs - roundingMs)
      fail(`${actor.name} sends ${secret} though the server asked to wait`)
  }

  /** Somebody signed out: what becomes of its tokens is all the same. */
  const isLeft = ({ secret }: Sent): boolean =>
    sessions.all().some(({ family, wasSignedOut }) => wasSignedOut && family === server.familyOf(secret))

  const isOver = (earlier: Sent): boolean =>
    earlier.actor.state === 'dead' ||
    isLeft(earlier) ||
    earlier.state === 'failed' ||
    world.nowMs() - earlier.sentMs > requestTimeoutMs ||
    // A token that is never replaced is sent again for every generation.
    (!rotates && (earlier.state === 'answered' || generationAt.get(earlier) !== sessionOnDisk()?.generation))

  const checkRefresh = (sent: Sent, earlier: readonly Sent[]) => {
    const { actor, secret } = sent
    generationAt.set(sent, sessionOnDisk()?.generation)
    checkLease(sent)
    checkWait(sent)
    for (const one of earlier) {
      if (!isOver(one))
        fail(`${actor.name} sends ${secret} again while the request of ${one.actor.name} is out`)
    }
    if (earlier.some(({ state }) => state === 'out')) tally.count('refresh token: sent again after a silence')
    if (earlier.some(({ state }) => state === 'failed'))
      tally.count('refresh token: sent again after a failure')
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

  return {
    sends: (sent) => {
      const { kind, secret, fault } = sent
      tally.count(`request: ${kind}`)
      if (fault) tally.count(`network: ${fault}`)
      const earlier = requests.filter((other) => other.kind === kind && other.secret === secret)
      requests.push(sent)
      if (kind === 'code' && earlier.length > 0) fail('a code is sent twice')
      if (kind === 'revoke') checkRevocation(sent)
      if (kind === 'refresh') checkRefresh(sent, earlier)
    },
    processed: (sent) => {
      const { kind, secret } = sent
      if (kind !== 'refresh' || server.familyOf(secret)?.ended !== 'reuse') return
      tally.count('server: reuse detected')
      if (isSafe && !isLeft(sent)) fail(`${secret} is used twice though no answer was lost`)
    },
    delivered: ({ kind, actor, secret, sentMs, state }, waitUntilMs) => {
      if (kind !== 'refresh') return
      if (waitUntilMs !== undefined) {
        tally.count('answer: asks to wait')
        waits.set(actor, { secret, untilMs: waitUntilMs })
      }
      if (world.nowMs() - sentMs > requestTimeoutMs)
        tally.count(state === 'answered' ? 'answer: late' : 'answer: late failure')
    },
    isPrecious,
    isBusy: (page) => leaseWriters.get(sessionOnDisk()?.lease?.attemptId ?? '') === page || isPrecious(page),
    hasAnswer: (page) =>
      requests.some(
        ({ actor, kind, state, isStored }) =>
          actor === page && kind !== 'revoke' && state === 'answered' && !isStored,
      ),
    conclude: () => {
      for (const { kind, state, isStored } of requests)
        if (kind === 'refresh' && state === 'answered' && !isStored) tally.count('answer: never stored')
    },
  }
}
