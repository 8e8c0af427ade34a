import type { Ports } from '../../../../../packages/core/src/context.ts'
// Loaded ahead: the clock of a test must not go on while code is being loaded.
import '../../../../../packages/core/src/diagnose.ts'
import '../../../../../packages/core/src/protocol/pushed-authorization.ts'
import '../../../../../packages/core/src/protocol/resource-metadata.ts'
import type { DiagnoseOptions, Finding, FindingCheck } from '../../../../../packages/core/src/finding.ts'
import type { TelnyxAuthOptions } from '../../../../../packages/core/src/options.ts'
import type { BrowserFacts } from '../../../../../packages/core/src/ports/browser-facts.ts'
import type { ModelServerOptions } from '../../../../support/model-server.ts'
import { createScene, type Scene, type SceneTab } from '../../../../support/scene.ts'

/** What goes on between a page and its servers. */
export type Wire = (
  request: { readonly url: string; readonly init: RequestInit },
  pass: () => Promise<Response>,
) => Promise<Response>

/** The circumstances of a diagnosis: a healthy browser and server, but for what is named. */
export interface Circumstances {
  readonly server?: ModelServerOptions
  readonly options?: Partial<TelnyxAuthOptions>
  readonly facts?: Partial<BrowserFacts>
  readonly ports?: Partial<Ports> | ((scene: Scene) => Partial<Ports>)
  readonly wire?: Wire
  readonly ask?: DiagnoseOptions
  /** Where the page is. */
  readonly url?: string
  /** Runs before anybody signs in. */
  readonly prepare?: (scene: Scene) => void
  /** Runs before the diagnosis, in a tab that was opened or, with `isSignedIn`, signed in. */
  readonly arrange?: (scene: Scene, tab: SceneTab) => Promise<unknown> | unknown
  readonly isSignedIn?: boolean
  /** The clock stands still: signing takes as long as it takes. */
  readonly isTimeless?: boolean
}

/** What a diagnosis found, and where. */
export interface Diagnosed {
  readonly scene: Scene
  readonly tab: SceneTab
  readonly findings: readonly Finding[]
  readonly of: (check: FindingCheck) => readonly Finding[]
  /** The only finding of a check. */
  readonly one: (check: FindingCheck) => Finding
}

const healthy: BrowserFacts = {
  isOnline: () => true,
  hasLocks: () => true,
  hasChannel: () => true,
  doChannelsWork: async () => true,
  isPersisted: async () => true,
  isIntercepted: () => false,
  onForbidden: () => () => {},
}

/** Waits for `work`, and lets time pass until it is done. */
export async function throughTime<T>({ clock }: Scene, work: Promise<T>): Promise<T> {
  let isDone = false
  const done = work.finally(() => {
    isDone = true
  })
  await clock.advance(0)
  while (!isDone) await clock.advance(1000)
  return done
}

/** Diagnoses under these circumstances. */
export async function diagnosed(circumstances: Circumstances = {}): Promise<Diagnosed> {
  const { server, options, facts, ports, wire, ask, url, prepare, arrange, isSignedIn, isTimeless } =
    circumstances
  const scene = createScene(server)
  prepare?.(scene)
  let isWired = false
  const fetch: typeof globalThis.fetch = async (input, init = {}) => {
    const pass = () => scene.server.fetch(input, init)
    return wire && isWired ? wire({ url: String(input), init }, pass) : pass()
  }
  const given = { storage: 'memory', fetch, ...options } as const
  const own = typeof ports === 'function' ? ports(scene) : ports
  const all = { ...own, facts: { ...healthy, ...facts } }
  const tab = isSignedIn ? await scene.signIn(given, all) : scene.open(url, given, all)
  await arrange?.(scene, tab)
  isWired = true
  const diagnosis = tab.auth.diagnose(ask)
  const findings = await (isTimeless ? diagnosis : throughTime(scene, diagnosis))
  const of = (check: FindingCheck) => findings.filter((finding) => finding.check === check)
  return {
    scene,
    tab,
    findings,
    of,
    one: (check) => {
      const [finding, ...others] = of(check)
      if (!finding || others.length > 0)
        throw new Error(`There are ${of(check).length} findings of ${check}.`)
      return finding
    },
  }
}

/** A request that the browser did not let through, or that met nobody: pages cannot tell. */
export const failToFetch = (): Promise<Response> => Promise.reject(new TypeError('Failed to fetch'))

/** A server that answers, and lets no page read it: `isHidden` says which requests. */
export const hiding =
  (isHidden: (url: string, init: RequestInit) => boolean): Wire =>
  ({ url, init }, pass) => {
    if (init.mode === 'no-cors') return Promise.resolve(new Response(null))
    return isHidden(url, init) ? failToFetch() : pass()
  }

/** Nobody is there: `isGone` says where. */
export const losing =
  (isGone: (url: string) => boolean): Wire =>
  ({ url }, pass) =>
    isGone(url) ? failToFetch() : pass()

/** Never answered: `isHung` says which requests. */
export const hanging =
  (isHung: (url: string) => boolean): Wire =>
  ({ url }, pass) =>
    isHung(url) ? new Promise(() => {}) : pass()

/** Another answer in place of the server's. */
export const answering =
  (end: string, answer: () => Response): Wire =>
  ({ url }, pass) =>
    url.endsWith(end) ? Promise.resolve(answer()) : pass()
