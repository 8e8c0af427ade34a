import type { MessageFate } from './channels.ts'
import type { DiskFault } from './disk.ts'
import type { NetworkFault, RequestKind } from './network.ts'
import type { Profile } from './profile.ts'
import type { Random } from './random.ts'
import type { Tally } from './tally.ts'
import type { Actor } from './world.ts'

/** A spell of bad weather: how likely which fault is, and for how many operations from its first on. */
interface Spell<Fault> {
  readonly faults: readonly Fault[]
  readonly probability: number
  left: number
}

/** What is broken at the moment. */
export interface FaultSchedule {
  readonly networkFault: (kind: RequestKind) => NetworkFault | undefined
  readonly diskFault: (actor: Actor, isWrite: boolean) => DiskFault | undefined
  readonly messageFate: () => MessageFate
  readonly areLocksRefused: () => boolean
  readonly breakNetwork: (faults: readonly NetworkFault[], requests: number) => void
  readonly breakDisk: (faults: readonly DiskFault[], operations: number) => void
  /** The next writes fail of pages that have a response to store. */
  readonly poison: (writes: number) => void
  readonly breakChannel: (forMs: number) => void
  readonly refuseLocks: (forMs: number) => void
  readonly isOffline: () => boolean
  /** Whether anything may go wrong now. */
  readonly isOn: () => boolean
  readonly goOffline: (isOffline: boolean) => void
  /** Nothing goes wrong before. */
  readonly begin: () => void
  /** From here on everything works. */
  readonly end: () => void
}

const failingWrites = ['write fails before it began', 'write fails when it commits'] as const

const calm = { faults: [], probability: 0, left: 0 }

export function createFaultSchedule(
  random: Random,
  profile: Profile,
  tally: Tally,
  nowMs: () => number,
  hasUnstored: (actor: Actor) => boolean,
): FaultSchedule {
  let network: Spell<NetworkFault> = calm
  let disk: Spell<DiskFault> = calm
  let poisonedWrites = 0
  let channelUntilMs = 0
  let locksUntilMs = 0
  let offline = false
  let isOn = false

  const drawn = <Fault>(spell: Spell<Fault>): Fault | undefined => {
    if (spell.left <= 0) return undefined
    spell.left -= 1
    return random.chance(spell.probability) ? random.pick(spell.faults) : undefined
  }

  return {
    networkFault: (kind) => {
      if (offline) return 'unreachable'
      if (!isOn) return undefined
      const stray = profile.networkFaults.length > 0 && random.chance(0.03)
      if (kind === 'api') return undefined
      return drawn(network) ?? (stray ? random.pick(profile.networkFaults) : undefined)
    },
    diskFault: (actor, isWrite) => {
      if (poisonedWrites > 0 && isWrite && hasUnstored(actor)) {
        poisonedWrites -= 1
        tally.count('disk: write of a response fails')
        return random.pick(failingWrites)
      }
      const fault = drawn(disk)
      const fits = fault && (fault === 'operation is slow' || fault.startsWith('write') === isWrite)
      if (!fits) return undefined
      tally.count(`disk: ${fault}`)
      return fault
    },
    messageFate: () => {
      if (nowMs() >= channelUntilMs) return 'arrives'
      const fate = random.pick(['arrives', 'is lost', 'is late'] as const)
      if (fate !== 'arrives') tally.count(`message: ${fate === 'is lost' ? 'lost' : 'late'}`)
      return fate
    },
    areLocksRefused: () => {
      const isRefused = nowMs() < locksUntilMs && random.chance(0.5)
      if (isRefused) tally.count('lock: refused')
      return isRefused
    },
    breakNetwork: (faults, requests) => {
      network = { faults, probability: random.pick([0.5, 1]), left: requests }
    },
    breakDisk: (faults, operations) => {
      disk = { faults, probability: random.pick([0.3, 0.7, 1]), left: operations }
    },
    poison: (writes) => {
      poisonedWrites = writes
    },
    breakChannel: (forMs) => {
      channelUntilMs = nowMs() + forMs
    },
    refuseLocks: (forMs) => {
      locksUntilMs = nowMs() + forMs
    },
    isOffline: () => offline,
    isOn: () => isOn,
    goOffline: (isOffline) => {
      offline = isOffline
    },
    begin: () => {
      isOn = true
    },
    end: () => {
      network = calm
      disk = calm
      poisonedWrites = 0
      channelUntilMs = 0
      locksUntilMs = 0
      offline = false
      isOn = false
    },
  }
}
