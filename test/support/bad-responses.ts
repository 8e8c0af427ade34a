import { fc } from './fast-check.ts'
import { json } from './model-server.ts'
import { createScene, type SceneTab } from './scene.ts'
import { appOrigin } from './simulated-browser.ts'

/** A way in which every sign-in of a user goes wrong. */
export interface BadResponses {
  /** The parameters of the authorization response; `$` is the `state` that was sent. */
  readonly parameters: readonly (readonly [name: string, value: string])[]
  /** The path that it comes to. */
  readonly path: string
  /** The status of the token response, whose body is empty. */
  readonly tokenStatus: number
  /** The browser forgets the pending sign-in meanwhile. */
  readonly isForgotten: boolean
  /** The time that the user spends at the server. */
  readonly awayMs: number
}

/** All that may come to the redirect URI in place of a session. */
export const badResponses: fc.Arbitrary<BadResponses> = fc.record({
  parameters: fc.array(
    fc.oneof(
      // A word that is a code here is told nowhere else: it counts as a secret.
      fc.tuple(fc.constant('code'), fc.constantFrom('', 'a-code', 'another-code', 'https://code.example')),
      fc.tuple(
        fc.constantFrom('state', 'error', 'iss', 'error_description', 'token'),
        fc.constantFrom('', 'x', 'access_denied', 'tx1.other', 'theirs', '$', '$', 'https://evil.example'),
      ),
    ),
    { maxLength: 4 },
  ),
  path: fc.constantFrom('/callback', '/callback/', '/'),
  tokenStatus: fc.constantFrom(200, 400, 401, 503),
  isForgotten: fc.boolean(),
  awayMs: fc.integer({ min: 0, max: 30_000 }),
})

const mostVisits = 6

/**
 * Lets a page that no user touches sign in, until it stays.
 *
 * @param run what the app does when the page is loaded
 * @returns when it visited the authorization endpoint
 */
export async function visitTimes(
  { parameters, path, tokenStatus, isForgotten, awayMs }: BadResponses,
  run: (tab: SceneTab) => Promise<void>,
): Promise<readonly number[]> {
  const { server, clock, records, open, reload } = createScene()
  server.script('/v2/oauth/token', ...Array(mostVisits).fill(() => json({}, tokenStatus)))
  const times: number[] = []
  let tab = open(`${appOrigin}/list`, {}, { isUserActive: () => false })
  await run(tab)
  while (tab.page.href().includes('/authorize') && times.length < mostVisits) {
    times.push(clock.now())
    clock.jump(awayMs)
    if (isForgotten) records.clear()
    const state = new URL(tab.page.href()).searchParams.get('state') ?? ''
    const response = parameters.map(([name, value]) => [name, value === '$' ? state : value])
    tab.page.navigate(`${appOrigin}${path}?${new URLSearchParams(response)}`)
    tab = reload(tab)
    await run(tab)
  }
  tab.auth.dispose()
  return times
}

/** Tells if more than three of `times` are within a minute. */
export const isLoop = (times: readonly number[]): boolean =>
  times.some((atMs, index) => atMs - (times[index - 3] ?? -Infinity) < 60_000)

const refused = { path: '/callback', tokenStatus: 400, isForgotten: false, awayMs: 0 }

/** Responses that have led round and round before, and one that does so still: slowly. */
export const loopExamples: [BadResponses][] = [
  [{ ...refused, parameters: [] }],
  [{ ...refused, parameters: [['code', 'a-code']] }],
  [{ ...refused, parameters: [['error', 'access_denied']] }],
  [{ ...refused, parameters: [], path: '/', awayMs: 20_000 }],
]
