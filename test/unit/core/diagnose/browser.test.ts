import { describe, expect, test, vi } from 'vitest'
import { browserFacts } from '../../../../packages/core/src/ports/browser-facts.ts'
import { memoryLock, memoryStorage } from '../../../../packages/core/src/ports/memory.ts'
import type { SharedWorkerProblem } from '../../../../packages/core/src/ports/refresh-worker-client.ts'
import type { StoragePort } from '../../../../packages/core/src/ports/storage.ts'
import { json } from '../../../support/model-server.ts'
import { sessionKey } from '../../../support/scene.ts'
import { settle } from '../../../support/simulated-clock.ts'
import { type Circumstances, diagnosed } from './support/diagnosis.ts'
import { testCases } from './test-cases.ts'

const storageOf = (changes: Partial<StoragePort>): StoragePort => ({ ...memoryStorage(), ...changes })
const broken = () => Promise.reject(new Error('SENTINEL'))
const never = () => new Promise<never>(() => {})

describe('the page', () => {
  testCases('secure-context', [
    ['is ok as a secure context', {}, 'ok', /^This page is a secure context/],
    [
      'is a problem as none',
      { url: 'http://192.168.0.7/', arrange: (_, { page }) => page.setSecure(false) },
      'problem',
      /This page, on http:\/\/192\.168\.0\.7, is no secure context/,
    ],
  ])
})

describe('the redirect URI', () => {
  testCases('redirect-uri', [
    ['is ok on the origin of the page', {}, 'ok', /^Sign-ins come back to http:\/\/localhost:5173\/callback/],
    [
      'is ok with a private-use scheme',
      { options: { redirectUri: 'com.example.app:/callback' } },
      'ok',
      /^Sign-ins come back to com\.example\.app:\/callback, which the app hands to finishSignIn\(\)\.$/,
    ],
    [
      'is a problem on another one',
      { options: { redirectUri: 'http://127.0.0.1:5173/callback' } },
      'problem',
      /begin on http:\/\/localhost:5173, but come back to http:\/\/127\.0\.0\.1:5173/,
    ],
  ])
  testCases('redirect-uri-registration', [
    [
      'is for nobody in a browser to say registered',
      {},
      'unknown',
      /^Whether http:\/\/localhost:5173\/callback is registered cannot be determined from a browser\.$/,
    ],
  ])
})

describe('the storage', () => {
  testCases('storage', [
    [
      'is ok when it keeps what is written',
      { options: { storage: 'memory' } },
      'ok',
      /kept in memory.*A write and a read worked/,
    ],
    [
      "is ok when it is the app's own",
      {
        options: { storage: storageOf({ kind: 'custom' }) },
        ports: { storage: storageOf({ kind: 'custom' }) },
      },
      'ok',
      /the app's own storage/,
    ],
    [
      'is a warning when it is not what was asked for',
      { options: { storage: 'indexeddb' }, ports: { storage: storageOf({ kind: 'session-storage' }) } },
      'warning',
      /asked for \(indexeddb\) does not work here\. Sessions are kept in sessionStorage/,
    ],
    [
      'is a problem when a read fails',
      { ports: { storage: storageOf({ read: broken }) } },
      'problem',
      /does not keep what is written/,
    ],
    [
      'is a problem when a write fails',
      { ports: { storage: storageOf({ update: broken }) } },
      'problem',
      /does not keep what is written/,
    ],
    [
      'is a problem when a write is lost',
      { ports: { storage: storageOf({ read: async () => undefined }) } },
      'problem',
      /does not keep what is written/,
    ],
    [
      'is a problem when it does not answer',
      { ports: { storage: storageOf({ update: never }) } },
      'problem',
      /does not keep what is written/,
    ],
  ])

  test('is tried beside the session, which stays as it was', async () => {
    let before = {}
    let logged = 0
    const { tab, scene, one } = await diagnosed({
      isSignedIn: true,
      arrange: async (scene, { storage }) => {
        await settle()
        before = scene.record()
        logged = storage.log.length
      },
    })
    expect(one('storage').result).toBe('ok')
    expect(scene.record()).toEqual(before)
    expect(tab.storage.log.slice(logged)).toEqual(['read diagnosis', 'write diagnosis', 'read diagnosis'])
  })

  test('is tried by two tabs at once, and works for both', async () => {
    const { tab } = await diagnosed()
    const [one, two] = await Promise.all([tab.auth.diagnose(), tab.auth.diagnose()])
    for (const findings of [one, two]) {
      expect(findings.find(({ check }) => check === 'storage')).toMatchObject({ result: 'ok' })
    }
  })
})

describe('the persistence of the storage', () => {
  const indexedDb = { storage: storageOf({ kind: 'indexeddb' }) }
  const persisted = (value: boolean | undefined): Circumstances => ({
    ports: indexedDb,
    facts: { isPersisted: async () => value },
  })
  testCases('persistence', [
    [
      'is ok when the browser promised it',
      persisted(true),
      'ok',
      /keeps the session until somebody clears it/,
    ],
    [
      'is ok, with a remedy, when it did not',
      persisted(false),
      'ok',
      /may evict the session when space is short/,
    ],
    ['is unknown when the browser does not say', persisted(undefined), 'unknown', /it does not say/],
    [
      'is unknown when the browser fails to say',
      { ports: indexedDb, facts: { isPersisted: broken } },
      'unknown',
      /the check itself failed/,
    ],
    ['is ok when IndexedDB is not used', {}, 'ok', /which is not used/],
  ])
})

describe('Web Locks', () => {
  testCases('locks', [
    ['are ok when one is granted', {}, 'ok', /one was granted/],
    [
      'are a warning when there are none',
      { facts: { hasLocks: () => false } },
      'warning',
      /no Web Locks here/,
    ],
    [
      'are a problem when none is granted in time',
      { ports: { lock: { names: async () => [], run: async (_name, _timeoutMs, work) => work(false) } } },
      'problem',
      /none was granted within 5 seconds/,
    ],
    [
      'are unknown when they fail',
      { ports: { lock: { names: async () => [], run: broken } } },
      'unknown',
      /the check itself failed/,
    ],
  ])

  test('of a hanging tab are found out after the time-out', async () => {
    const { one, scene } = await diagnosed({
      ports: ({ clock }) => {
        const lock = memoryLock(new Map(), clock.setTimer)
        void lock.run(`${sessionKey} diagnosis`, 1000, never)
        return { lock }
      },
    })
    expect(one('locks').result).toBe('problem')
    expect(scene.clock.elapsedMs()).toBeGreaterThanOrEqual(5000)
  })
})

describe('BroadcastChannel', () => {
  const deaf = (giveUp: AbortSignal) =>
    new Promise<boolean>((resolve) => giveUp.addEventListener('abort', () => resolve(false)))
  testCases('channel', [
    ['is ok when a message arrives', {}, 'ok', /Messages between tabs arrive/],
    [
      'is a warning when there is none',
      { facts: { hasChannel: () => false } },
      'warning',
      /no BroadcastChannel here/,
    ],
    [
      'is a warning when no message arrives in time',
      { facts: { doChannelsWork: deaf } },
      'warning',
      /carries no messages here/,
    ],
    ['is unknown when it fails', { facts: { doChannelsWork: broken } }, 'unknown', /the check itself failed/],
  ])
})

describe('the session', () => {
  testCases('session', [
    ['is unknown before the client is ready', {}, 'unknown', /the client is not ready/],
    [
      'is ok when nobody is signed in',
      { arrange: (_, { auth }) => auth.ready() },
      'ok',
      /^Nobody is signed in\.$/,
    ],
    ['is ok when it can be renewed', { isSignedIn: true }, 'ok', /the access token can be renewed/],
    [
      'is a warning without a refresh token',
      { isSignedIn: true, server: { withoutRefreshToken: true } },
      'warning',
      /without a refresh token/,
    ],
    [
      'is a warning when no storage has taken it',
      {
        isSignedIn: true,
        ports: { storage: storageOf({ update: broken }), transactions: storageOf({ kind: 'custom' }) },
      },
      'warning',
      /the storage has not taken the newest tokens yet/,
    ],
    [
      'is a warning when it is stale',
      {
        isSignedIn: true,
        arrange: async ({ server, clock }, { auth }) => {
          const busy = () => json({}, 503)
          server.script('/v2/oauth/token', ...Array.from({ length: 99 }, () => busy))
          const refreshed = auth.refresh().catch(() => {})
          await clock.advance(5000)
          await refreshed
        },
      },
      'warning',
      /^Somebody is signed in, but server_unavailable\.$/,
    ],
    [
      'is a warning when it ended',
      {
        isSignedIn: true,
        arrange: async ({ server }, { auth }) => {
          server.revokeAll()
          await auth.refresh().catch(() => {})
        },
      },
      'warning',
      /^Nobody is signed in: invalid_grant\./,
    ],
  ])
  testCases('rotation', [
    [
      'rotates or not: nobody can tell without spending a refresh token',
      {},
      'unknown',
      /cannot be determined without spending one/,
    ],
  ])
})

describe('the SharedWorker', () => {
  const withWorker = (problem: SharedWorkerProblem | undefined): Circumstances => ({
    options: { fetch: Object.assign(async () => new Response(), { problem: async () => problem }) },
  })
  testCases('shared-worker', [
    ['is ok when it works', withWorker(undefined), 'ok', /sends the refresh requests/],
    ['is missed in an old browser', withWorker('unsupported'), 'warning', /has no SharedWorker/],
    [
      'is missed in a bundle without import.meta',
      withWorker('no-script-url'),
      'warning',
      /import\.meta\.url/,
    ],
    ['is missed where it is forbidden', withWorker('forbidden'), 'warning', /policy .* forbids it/],
    ['is missed without its script', withWorker('not-loaded'), 'warning', /script is missing/],
    ['is missed when it says nothing', withWorker('no-response'), 'warning', /within 5 seconds/],
    ['is missed when it reaches no server', withWorker('unreachable'), 'warning', /cannot reach/],
  ])

  test('is no finding of a client that was not given sharedWorkerFetch()', async () => {
    expect((await diagnosed({})).of('shared-worker')).toEqual([])
  })

  test.each(['no-script-url', 'not-loaded', 'no-response'] as const)(
    '%s: its script can be copied',
    async (problem) => {
      const { remedy } = (await diagnosed(withWorker(problem))).one('shared-worker')
      expect(remedy).toContain('Copy @telnyx-oauth/core/refresh-worker.js')
    },
  )
})

describe('the facts of a browser that has nothing', () => {
  test('say so, and nothing throws', async () => {
    for (const name of ['navigator', 'document', 'BroadcastChannel']) vi.stubGlobal(name, undefined)
    try {
      expect(browserFacts.isOnline()).toBe(true)
      expect([browserFacts.hasLocks(), browserFacts.hasChannel(), browserFacts.isIntercepted()]).toEqual([
        false,
        false,
        false,
      ])
      expect(await browserFacts.isPersisted()).toBeUndefined()
      browserFacts.onForbidden(() => {})()
    } finally {
      vi.unstubAllGlobals()
    }
  })

  test('a channel that hears nothing is given up', async () => {
    vi.stubGlobal(
      'BroadcastChannel',
      class {
        postMessage() {}
        close() {}
      },
    )
    try {
      const giveUp = new AbortController()
      const works = browserFacts.doChannelsWork(giveUp.signal)
      giveUp.abort()
      expect(await works).toBe(false)
    } finally {
      vi.unstubAllGlobals()
    }
  })

  test('a channel of this machine hears another', async () => {
    expect(await browserFacts.doChannelsWork(new AbortController().signal)).toBe(true)
  })
})
