import { expect, vi } from 'vitest'
import type { broadcastChannel } from '../../../packages/core/src/ports/channel.ts'
import type { reportToOpener } from '../../../packages/core/src/ports/popup-report.ts'
import { createDeferred } from '../../support/deferred.ts'
import { replacing } from '../../support/mutation.ts'
import type { Statement } from '../statement.ts'

/** Notes what is posted from window to window while `run` goes on. The real windows hear nothing of it. */
async function postedToWindows(run: () => Promise<void>): Promise<unknown[]> {
  const posted: unknown[] = []
  const foreign = { closed: false, postMessage: (...message: unknown[]) => posted.push(message) }
  vi.stubGlobal('opener', foreign)
  vi.stubGlobal('parent', foreign)
  vi.stubGlobal('close', () => {})
  try {
    await run()
  } finally {
    vi.unstubAllGlobals()
  }
  return posted
}

/** What any window may do to this one. */
function postFromElsewhere(data: unknown): void {
  const message = new MessageEvent('message', { data, origin: 'https://evil.example' })
  globalThis.dispatchEvent?.(message)
}

/** What windows and tabs of one browser say to each other. */
export const windowStatements: readonly Statement[] = [
  {
    id: 'B6',
    title:
      'A window tells its opener how a sign-in ended where no other origin can listen or speak, and tells no token',
    source: 'RFC 10017 section 6.3.3.3',
    check: async (core) => {
      const heard: unknown[] = []
      const reported = createDeferred()
      const state = `tx1.${crypto.randomUUID()}`
      const outcome = { code: 'access_denied', server: { error: 'access_denied' } } as const
      const posted = await postedToWindows(async () => {
        const stop = core.listenToPopup(state, (report) => {
          heard.push(report)
          reported.resolve()
        })
        postFromElsewhere({ type: 'finished' })
        await core.reportToOpener(state, outcome)
        await reported.promise
        stop()
      })
      expect(heard).toEqual([outcome])
      expect(posted).toEqual([])
    },
    mutation: replacing<typeof reportToOpener>('reportToOpener', (original) => (...given) => {
      globalThis.opener?.postMessage(given, '*')
      return original(...given)
    }),
  },
  {
    id: 'S11',
    title:
      'Tabs talk over channels of their own origin, never from window to window; what they say holds no token',
    source: 'RFC 9700 section 4.17.2',
    check: async (core) => {
      const name = `conformance ${crypto.randomUUID()}`
      const heard: unknown[] = []
      const arrived = createDeferred()
      const posted = await postedToWindows(async () => {
        const [mine, yours] = [core.broadcastChannel(name), core.broadcastChannel(name)]
        mine.listen(() => {})
        yours.listen((message) => {
          heard.push(message)
          arrived.resolve()
        })
        postFromElsewhere({ generation: 99, sessionId: 'forged' })
        mine.post({ generation: 2, sessionId: 'e' })
        await arrived.promise
        mine.close()
        yours.close()
      })
      expect(heard).toEqual([{ generation: 2, sessionId: 'e' }])
      expect(posted).toEqual([])
    },
    mutation: replacing<typeof broadcastChannel>('broadcastChannel', (original) => (name) => {
      const channel = original(name)
      const post: typeof channel.post = (message) => {
        channel.post(message)
        globalThis.parent?.postMessage(message, '*')
      }
      return { ...channel, post }
    }),
  },
]
