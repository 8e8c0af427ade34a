import type { TelnyxAuthEvent } from '../../packages/core/src/events.ts'
import type { AuthSnapshot } from '../../packages/core/src/session.ts'
import type { Family } from '../support/authorization-server.ts'
import type { Page } from './browser.ts'
import type { Evidence } from './evidence.ts'
import type { Sent } from './network.ts'
import { described } from './sessions.ts'
import { resources } from './simulated-server.ts'
import { tellsSecret } from './tells-secret.ts'

/** Looks at everything that a page shows. */
export interface TabWatch {
  readonly published: (page: Page, snapshot: AuthSnapshot) => void
  readonly happened: (event: TelnyxAuthEvent) => void
  /** The session that a page shows. */
  readonly shownBy: (page: Page) => string | undefined
}

/** What a page has shown. */
interface Shown {
  sessionId: string | undefined
  accessToken: string | undefined
  isRefreshing: boolean
  hasShown: boolean
  newestOrder: number
  /** Sessions that it showed before and shows no more. */
  readonly left: Set<string>
}

export function watchTabs(evidence: Evidence): TabWatch {
  const { world, server, tally, profile, sessions, requests, generations, isAsked, fail } = evidence
  const pages = new Map<Page, Shown>()

  const shownOf = (page: Page): Shown => {
    const shown = pages.get(page) ?? {
      sessionId: undefined,
      accessToken: undefined,
      isRefreshing: false,
      hasShown: false,
      newestOrder: 0,
      left: new Set(),
    }
    pages.set(page, shown)
    return shown
  }

  const checkSignedIn = (page: Page, sessionId: string, accessToken: string) => {
    const shown = shownOf(page)
    const session = sessions.of(sessionId, accessToken)
    if (!session) return
    if (server.accessToken(accessToken)?.resource !== resources[0])
      fail(`invariant 2: ${page.name} shows a token for another resource`)
    const { order = 0 } = session
    if (shown.left.has(sessionId)) fail(`invariant 9: ${page.name} shows a session again that it had left`)
    if (order > 0 && order < shown.newestOrder) fail(`${page.name} shows an older session after a newer one`)
    shown.newestOrder = Math.max(shown.newestOrder, order)
    if (shown.sessionId !== undefined && shown.sessionId !== sessionId) {
      tally.count('session: replaced in a tab')
      shown.left.add(shown.sessionId)
    }
    const was = generations.get(shown.accessToken ?? '')
    const is = generations.get(accessToken)
    if (shown.sessionId === sessionId && was !== undefined && is !== undefined && is < was)
      fail(`${page.name} shows generation ${is} after generation ${was}`)
    Object.assign(shown, { sessionId, accessToken })
  }

  const lostResponses = (families: readonly Family[]): readonly Sent[] =>
    requests.filter(({ kind, secret, isUnanswered, state, isStored }) => {
      const family = kind === 'refresh' ? server.familyOf(secret) : undefined
      // No other tab has a response that could not be stored.
      const isLost = isUnanswered || state === 'out' || (state === 'answered' && !isStored)
      return family && families.includes(family) && isLost
    })

  /**
   * Whether a portal or a busy gateway responded in place of a server that had processed a refresh, and a disk may not
   * have taken that failure: the lease stays, as that of a sender which is gone.
   */
  const isFailureUnnoted = (families: readonly Family[]): boolean =>
    profile.diskFaults.length > 0 &&
    requests.some(({ kind, secret, state, isProcessed }) => {
      const family = kind === 'refresh' ? server.familyOf(secret) : undefined
      return family && families.includes(family) && isProcessed && state === 'failed'
    })

  /** Whether the token that was refused is one whose response was lost. */
  const isLossHidden = (families: readonly Family[]): boolean => {
    const refused = requests.findLast(({ status, asksForNonce }) => status === 400 && !asksForNonce)
    const isNoted = profile.diskFaults.length === 0
    return (
      isNoted &&
      lostResponses(families).some(({ secret, isProcessed }) => isProcessed && secret === refused?.secret)
    )
  }

  const checkSignedOut = (page: Page, code: string | undefined) => {
    const shown = shownOf(page)
    const { sessionId } = shown
    if (sessionId === undefined) return
    shown.left.add(sessionId)
    Object.assign(shown, { sessionId: undefined, accessToken: undefined, isRefreshing: false })
    const order = sessions.get(sessionId)?.order ?? 0
    // A page that missed something may hear of the end of a session that replaced its own.
    const these = sessions
      .all()
      .filter((other) => other.sessionId === sessionId || (other.order ?? 0) > order)
    const wasRefused = () => these.some(({ family }) => family.refusals > 0)
    const wasRejected = () => these.some(({ family }) => family.ended && family.refusals >= 3)
    const families = these.map(({ family }) => family)
    const reasons: Readonly<Record<string, () => boolean>> = {
      'signed out': () => these.some(({ wasSignedOut }) => wasSignedOut),
      invalid_grant: wasRefused,
      refresh_response_lost: () =>
        wasRefused() &&
        (these.some(({ wasAbandoned }) => wasAbandoned) ||
          lostResponses(families).length > 0 ||
          isFailureUnnoted(families)),
      refresh_rejected: wasRejected,
      storage_cleared: () => evidence.clearings > 0,
      session_expired: () => evidence.mayExpire,
    }
    const reason = code ?? 'signed out'
    tally.count(`session: ended with ${reason}`)
    if (!reasons[reason]?.())
      fail(`invariant 6: ${page.name} ends its session with "${reason}", which did not happen`)
    if (reason === 'invalid_grant' && isLossHidden(families))
      fail(`invariant 6: ${page.name} ends its session with "invalid_grant", though a response was lost`)
  }

  const checkRefreshing = (page: Page, isRefreshing: boolean) => {
    const shown = shownOf(page)
    // The first snapshot may show a refresh that began before the page was hidden.
    const isNew = isRefreshing && !shown.isRefreshing && page.isReady
    if (isNew && !page.tab.isVisible && !isAsked(page))
      fail(`${page.name} is hidden and refreshes though nobody asks for a token`)
    shown.isRefreshing = isRefreshing
  }

  return {
    published: (page, snapshot) => {
      const { status, error } = snapshot
      const shown = shownOf(page)
      world.note(`   ${page.name} shows ${status} ${described(snapshot)} ${error?.code ?? ''}`)
      if (status === 'pending') {
        if (shown.hasShown) fail(`${page.name} is pending again`)
        return
      }
      shown.hasShown = true
      if (error) tally.count(`error shown: ${error.code}`)
      if (tellsSecret(error)) fail(`${page.name} tells a secret in ${error?.code}`)
      if (status === 'signed-out') return checkSignedOut(page, error?.code)
      checkSignedIn(page, snapshot.sessionId, snapshot.token.accessToken)
      checkRefreshing(page, snapshot.isRefreshing)
    },
    happened: (event) => {
      const isAdopted = event.type === 'token-renewed' && event.by === 'other-tab'
      if (tellsSecret(event)) fail(`an event tells a secret: ${event.type}`)
      tally.count(isAdopted ? 'response: adopted from another tab' : `event: ${event.type}`)
    },
    shownBy: (page) => shownOf(page).sessionId,
  }
}
