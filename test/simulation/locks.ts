import type { LockPort } from '../../packages/core/src/ports/lock.ts'
import type { Actor, World } from './world.ts'

interface Request {
  readonly actor: Actor
  readonly grant: () => void
}

/** The Web Locks of one browser. */
export interface Locks {
  readonly portFor: (actor: Actor) => LockPort
  /** Lets go of whatever a dead page held or waited for. */
  readonly release: (actor: Actor) => void
}

export interface LockOptions {
  /** Some web views have no Web Locks. */
  readonly exist: boolean
  readonly latencyMs: () => number
  /** Whether a request is refused at once, as in a document that is being left. */
  readonly isRefused: () => boolean
  /** A deliberate defect: everyone gets the lock at once. */
  readonly areBroken: boolean
  readonly onTimeout: () => void
}

export function createLocks(world: World, options: LockOptions): Locks {
  const { exist, latencyMs, isRefused, areBroken, onTimeout } = options
  const waiting: Request[] = []
  let holder: Request | undefined

  // The browser hands the lock on by itself: a frozen page may hold one without knowing.
  const handOn = () => {
    if (holder) return
    holder = waiting.shift()
    const { actor, grant } = holder ?? {}
    if (grant) world.later(actor, 'is granted the lock', latencyMs(), grant)
  }
  const drop = (request: Request) => {
    const index = waiting.indexOf(request)
    if (index >= 0) waiting.splice(index, 1)
    if (holder === request) {
      holder = undefined
      handOn()
    }
  }

  const portFor = (actor: Actor): LockPort => ({
    run: async (_name, timeoutMs, work) => {
      if (!exist || isRefused()) return work(false)
      if (areBroken) return work(true)
      return new Promise<void>((resolve, reject) => {
        let isOver = false
        const request: Request = {
          actor,
          grant: () => {
            if (isOver) return
            isOver = true
            cancel()
            work(true)
              .finally(() => drop(request))
              .then(resolve, reject)
          },
        }
        const cancel = world.later(
          actor,
          'waited for the lock long enough',
          timeoutMs,
          () => {
            isOver = true
            drop(request)
            onTimeout()
            work(false).then(resolve, reject)
          },
          true,
        )
        waiting.push(request)
        handOn()
      })
    },
  })

  return {
    portFor,
    release: (actor) => {
      for (const request of waiting.filter((other) => other.actor === actor)) drop(request)
      if (holder?.actor === actor) drop(holder)
    },
  }
}
