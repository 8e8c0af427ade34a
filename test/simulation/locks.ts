import type { LockPort } from '../../packages/core/src/ports/lock.ts'
import type { Actor, World } from './world.ts'

interface Request {
  readonly actor: Actor
  readonly name: string
  readonly grant: () => void
  /** Takes a place in the queue; after a while the work runs without the lock. */
  readonly enter: () => void
  /** Gives up the place. */
  readonly leave: () => void
}

/** The Web Locks of one browser. */
export interface Locks {
  readonly portFor: (actor: Actor) => LockPort
  /** Gives up the places of a page in all queues, as `webLock` does when a page is frozen. */
  readonly pause: (actor: Actor) => void
  /** Takes new places for a page that goes on. */
  readonly resume: (actor: Actor) => void
  /** Releases everything that a dead page held or waited for. */
  readonly release: (actor: Actor) => void
}

export interface LockOptions {
  /** Some web views have no Web Locks. */
  readonly exist: boolean
  readonly latencyMs: () => number
  /** Whether a request is refused at once, as in a document that is being left. */
  readonly isRefused: () => boolean
  /** A deliberate defect: every request is granted at once. */
  readonly areBroken: boolean
  readonly onTimeout: () => void
}

export function createLocks(world: World, options: LockOptions): Locks {
  const { exist, latencyMs, isRefused, areBroken, onTimeout } = options
  const holders = new Map<string, Request>()
  let waiting: Request[] = []
  let paused: Request[] = []

  // The browser grants a lock by itself: a page that is frozen without an event may hold one without knowing.
  const grantNext = (name: string) => {
    if (holders.has(name)) return
    const next = waiting.find((request) => request.name === name)
    if (!next) return
    waiting = waiting.filter((request) => request !== next)
    holders.set(name, next)
    world.later(next.actor, 'is granted the lock', latencyMs(), next.grant)
  }
  const drop = (request: Request) => {
    waiting = waiting.filter((other) => other !== request)
    paused = paused.filter((other) => other !== request)
    if (holders.get(request.name) !== request) return
    holders.delete(request.name)
    grantNext(request.name)
  }

  /** The requests whose work has not begun. */
  const unbegun = new Set<Request>()

  const portFor = (actor: Actor): LockPort => ({
    names: async () => {
      if (!exist || areBroken) return []
      return new Promise((resolve) => {
        world.later(actor, 'sees which locks are held', latencyMs(), () => resolve([...holders.keys()]))
      })
    },
    run: async (name, timeoutMs, work) => {
      if (!exist || isRefused()) return work(false)
      if (areBroken) return work(true)
      return new Promise<void>((resolve, reject) => {
        let cancel = () => {}
        const begin = (isHeld: boolean) => {
          cancel()
          unbegun.delete(request)
          if (!isHeld) drop(request)
          work(isHeld)
            .finally(() => drop(request))
            .then(resolve, reject)
        }
        const timeOut = () => {
          onTimeout()
          begin(false)
        }
        const request: Request = {
          actor,
          name,
          // An earlier place in the queue may have been given up.
          grant: () => {
            if (unbegun.has(request) && holders.get(name) === request) begin(true)
          },
          enter: () => {
            waiting.push(request)
            cancel = world.later(actor, 'waited for the lock long enough', timeoutMs, timeOut, true)
            grantNext(name)
          },
          leave: () => {
            cancel()
            drop(request)
          },
        }
        unbegun.add(request)
        request.enter()
      })
    },
  })

  return {
    portFor,
    pause: (actor) => {
      for (const request of [...unbegun].filter((other) => other.actor === actor)) {
        request.leave()
        paused.push(request)
      }
    },
    resume: (actor) => {
      const own = paused.filter((other) => other.actor === actor)
      paused = paused.filter((other) => other.actor !== actor)
      for (const request of own) request.enter()
    },
    release: (actor) => {
      for (const request of unbegun) if (request.actor === actor) unbegun.delete(request)
      for (const request of [...waiting, ...paused, ...holders.values()]) {
        if (request.actor === actor) drop(request)
      }
    },
  }
}
