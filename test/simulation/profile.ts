import type { DiskFault } from './disk.ts'
import { faultsAfter, faultsBefore, type NetworkFault } from './network.ts'
import type { Random } from './random.ts'
import type { SimulatedServerProfile } from './simulated-server.ts'

/** What a schedule is like: which browser, which server, which faults. */
export interface Profile extends SimulatedServerProfile {
  readonly tabs: number
  readonly hasLocks: boolean
  readonly startsSignedIn: boolean
  /** How many things people and machines do to it. */
  readonly acts: number
  /** How likely one of them comes before the next step. */
  readonly haste: number
  readonly networkFaults: readonly NetworkFault[]
  readonly diskFaults: readonly DiskFault[]
  readonly hasFreezes: boolean
  readonly hasJumps: boolean
  readonly hasMessageFaults: boolean
  readonly hasEndings: boolean
  readonly diskLatencyMs: number
  readonly networkLatencyMs: number
  readonly messageLatencyMs: number
  readonly idleTimeoutMs: number
  readonly maxSessionMs: number
  readonly hasLockRefusals: boolean
  /** Whether the server is found through the resource, whose metadata name one issuer and then another. */
  readonly hasSeveralIssuers: boolean
  /** How far the clock of the browser is ahead of the server's. */
  readonly clockAheadMs: number
  /** Whether no response that matters can be lost: then no fault may end a session. */
  readonly isSafe: boolean
  /** Whether that is so only as long as no page stops that alone has the newest tokens. */
  readonly isFragile: boolean
}

const diskFaults: readonly DiskFault[] = [
  'read fails',
  'write fails before it began',
  'write fails when it commits',
  'write happens but is reported as failed',
  'write is tried again',
  'operation is slow',
]

/** Some of `all`, more or less. */
function some<T>(random: Random, all: readonly T[]): readonly T[] {
  const share = random.next()
  return all.filter(() => random.chance(share))
}

export function drawProfile(random: Random): Profile {
  const rotation = random.pick([
    'strict',
    'strict',
    'strict',
    'grace-same-token',
    'grace-new-token',
    'none',
  ] as const)
  const losesResponses = random.chance(0.5)
  const withoutRefreshToken = random.chance(0.03)
  const mayEnd = random.chance(0.04)
  const hasLocks = random.chance(0.65)
  const faultyDisk = random.chance(0.35) ? some(random, diskFaults) : []
  // Without Web Locks no other tab knows of tokens that could not be stored.
  const isShared = hasLocks || faultyDisk.length === 0
  const isFragile = rotation === 'strict' && !losesResponses && isShared
  return {
    rotation,
    lifetimeSeconds: random.chance(0.05) ? 1 : random.pick([20, 90, 300, 1800]),
    hasDpop: random.chance(0.2),
    refusal: random.pick(['invalid_grant', 'invalid_grant', 'empty', 'invalid_request', 'errors']),
    hasOddMembers: random.chance(0.2),
    hasSeveralIssuers: random.chance(0.25),
    clockAheadMs: random.pick([0, 0, 360_000, -360_000]),
    withoutRefreshToken,
    hasRevocation: random.chance(0.5),
    tabs: random.between(1, 6),
    hasLocks,
    hasLockRefusals: hasLocks && !(isFragile && faultyDisk.length > 0),
    startsSignedIn: random.chance(0.9),
    acts: random.between(4, 24),
    haste: random.pick([0.02, 0.08, 0.25]),
    networkFaults: [
      ...(random.chance(0.7) ? some(random, faultsBefore) : []),
      ...(losesResponses ? some(random, faultsAfter) : []),
    ],
    diskFaults: faultyDisk,
    hasFreezes: random.chance(0.5),
    hasJumps: random.chance(0.3),
    hasMessageFaults: random.chance(0.4),
    hasEndings: random.chance(0.5),
    diskLatencyMs: random.pick([0, 2, 20]),
    networkLatencyMs: random.pick([1, 20, 400]),
    messageLatencyMs: random.pick([0, 2, 50]),
    idleTimeoutMs: mayEnd ? random.between(60_000, 900_000) : Infinity,
    maxSessionMs: mayEnd ? random.between(60_000, 1_800_000) : Infinity,
    isSafe: rotation !== 'strict' || isFragile,
    isFragile,
  }
}
