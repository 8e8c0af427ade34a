import { issuer, type ServerProfile } from '../support/authorization-server.ts'
import type { DiskFault } from './disk.ts'
import { faultsAfter, faultsBefore, type NetworkFault } from './network.ts'
import type { Random } from './random.ts'

/** What a schedule is like: which browser, which server, which troubles. */
export interface Profile extends ServerProfile {
  readonly hasRevocation: boolean
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
  /** Whether no answer that matters can be lost: then nobody may be signed out by a fault. */
  readonly isSafe: boolean
  /** Whether that is so only as long as nothing stops a page that has tokens which nobody else has. */
  readonly isFragile: boolean
}

/** Resources that tokens may be for; the first is that of the session's own token. */
export const resources: readonly [string, string, string] = [issuer, `${issuer}/v2/mcp`, `${issuer}/v2/ai`]

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
  const losesAnswers = random.chance(0.5)
  const withoutRefreshToken = random.chance(0.03)
  const mayEnd = random.chance(0.04)
  return {
    rotation,
    lifetimeSeconds: random.pick([20, 90, 300, 1800]),
    withoutRefreshToken,
    hasRevocation: random.chance(0.5),
    tabs: random.between(1, 6),
    hasLocks: random.chance(0.65),
    startsSignedIn: random.chance(0.9),
    acts: random.between(4, 24),
    haste: random.pick([0.02, 0.08, 0.25]),
    networkFaults: [
      ...(random.chance(0.7) ? some(random, faultsBefore) : []),
      ...(losesAnswers ? some(random, faultsAfter) : []),
    ],
    diskFaults: random.chance(0.35) ? some(random, diskFaults) : [],
    hasFreezes: random.chance(0.5),
    hasJumps: random.chance(0.3),
    hasMessageFaults: random.chance(0.4),
    hasEndings: random.chance(0.5),
    diskLatencyMs: random.pick([0, 2, 20]),
    networkLatencyMs: random.pick([1, 20, 400]),
    messageLatencyMs: random.pick([0, 2, 50]),
    idleTimeoutMs: mayEnd ? random.between(60_000, 900_000) : Infinity,
    maxSessionMs: mayEnd ? random.between(60_000, 1_800_000) : Infinity,
    isSafe: rotation !== 'strict' || !losesAnswers,
    isFragile: rotation === 'strict' && !losesAnswers,
  }
}
