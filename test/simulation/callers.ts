import type { Page } from './browser.ts'
import type { InvariantChecker } from './invariant-checker.ts'
import type { Tally } from './tally.ts'
import { tellsSecret } from './tells-secret.ts'
import type { World } from './world.ts'

interface Call {
  readonly page: Page
  readonly what: string
  readonly boundMs: number
  deadlineMs: number
}

/** Everyone who waits for an answer of a client. */
export interface Callers {
  /** Watches a call, which must settle within `boundMs`. */
  readonly watch: <T>(
    page: Page,
    what: string,
    boundMs: number,
    start: () => Promise<T>,
    onDone?: (result: T) => void,
  ) => void
  /** Fails for a caller that waits too long. */
  readonly check: () => void
  /** Whether somebody waits for this page. */
  readonly isAsked: (page: Page) => boolean
  /** A page that stood still has its time anew. */
  readonly restart: (page: Page) => void
}

/** Timers of a throttled page fire once a minute, and several may have to, one after the other. */
const throttledMs = 300_000

export function createCallers(world: World, checker: InvariantChecker, tally: Tally): Callers {
  const open = new Set<Call>()
  const settledMs = new Map<Page, number>()
  const boundOf = ({ page, boundMs }: Call) => boundMs + (page.isThrottled ? throttledMs : 0)
  return {
    watch: (page, what, boundMs, start, onDone) => {
      const entry: Call = { page, what, boundMs, deadlineMs: 0 }
      entry.deadlineMs = world.nowMs() + boundOf(entry)
      open.add(entry)
      tally.count(`call: ${what}`)
      // Begun when it is on the list: what a call does at once is done for somebody.
      start().then(
        (result) => {
          open.delete(entry)
          settledMs.set(page, world.nowMs())
          world.note(`   ${page.name} ${what} is done`)
          onDone?.(result)
        },
        (error: { name?: string; code?: string; message?: string }) => {
          open.delete(entry)
          settledMs.set(page, world.nowMs())
          world.note(`   ${page.name} ${what} rejects: ${error.code ?? error.message}`)
          if (error.name !== 'TelnyxAuthError' && what !== 'fetch')
            checker.fail(`${what} rejects with ${error.message}`)
          if (tellsSecret(error)) checker.fail(`${what} tells a secret in ${error.code}`)
          tally.count(`rejection: ${error.code}`)
        },
      )
    },
    check: () => {
      const now = world.nowMs()
      for (const call of open) {
        const { page, what } = call
        if (page.state === 'dead') open.delete(call)
        else if (page.state === 'running' && now > call.deadlineMs)
          return checker.fail(`${page.name} waits for ever in ${what}`)
      }
    },
    // A caller that was served from memory may have begun a refresh behind; throttled timers all fire at one moment.
    isAsked: (page) =>
      settledMs.get(page) === world.nowMs() ||
      [...open].some((call) => call.page === page && call.what !== 'ready'),
    restart: (page) => {
      for (const call of open) if (call.page === page) call.deadlineMs = world.nowMs() + boundOf(call)
    },
  }
}
