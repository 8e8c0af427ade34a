import {
  createTelnyxAuth,
  type DiagnoseOptions,
  type Finding,
  type TelnyxAuth,
  type TelnyxAuthError,
  type TelnyxAuthOptions,
  type TokenTarget,
} from '@telnyx-oauth/core'
import { type PopupOptions, signInWithPopup } from '@telnyx-oauth/core/popup'
import { type RegisterOptions, registerClient } from '@telnyx-oauth/core/register'
import {
  type DiscoveredResource,
  type DiscoverOptions,
  discoverFromChallenge,
} from '@telnyx-oauth/core/resource'
import { sharedWorkerFetch } from '@telnyx-oauth/core/shared-worker'
import { describeError } from './describe-error.ts'

/** What one caller got: a token, or the code of an error. */
export interface Answer {
  readonly token?: string
  readonly code?: string
}

/** What a journey can do in the bare page. */
export interface Tab {
  readonly auth: TelnyxAuth
  /** So many callers ask for a token at once. @param choice one beside the session's own */
  readonly ask: (callers: number, choice?: TokenTarget) => Promise<readonly Answer[]>
  /** So many callers call the API at once. @returns the status of each answer, or the code of an error */
  readonly call: (
    callers: number,
    path?: string,
    choice?: TokenTarget,
  ) => Promise<readonly (number | string)[]>
  /** Calls the API and signs in for what it demands. @returns why that cannot begin, or the status of the answer */
  readonly stepUp: () => Promise<number | string>
  /** Finds out where to sign in for a resource. @returns options for a client, or the code of an error */
  readonly discover: (url: string, options?: DiscoverOptions) => Promise<DiscoveredResource | string>
  /** Resolves when the token is past its expiry. */
  readonly expiry: () => Promise<void>
  /** Signs in through another window. @returns the code of an error, if there is one */
  readonly signInWithPopup: (options?: PopupOptions) => Promise<string | undefined>
  /** Finds out what works, and says it. */
  readonly diagnose: (options?: DiagnoseOptions) => Promise<readonly Finding[]>
  /** Registers again with whatever a refresh fails with. @returns the id of the next client, if there is one */
  readonly reregister: () => Promise<string | undefined>
  /** Another client in the same page. @param options beside those of the page that name the app */
  readonly createClient: (options: Partial<TelnyxAuthOptions>) => TelnyxAuth
  /** For another client in the same page. */
  readonly sharedWorkerFetch: typeof sharedWorkerFetch
}

declare global {
  /** Set by the journey before the page loads. */
  var tabOptions: Partial<TelnyxAuthOptions>
  /** Whether refresh requests go through a SharedWorker; set like `tabOptions`. */
  var withSharedWorker: boolean | undefined
  /** What the page registers before anything else, in place of having a client id; set like `tabOptions`. */
  var registration: RegisterOptions | undefined
  var tab: Tab
}

const output = document.querySelector('output') ?? document.createElement('output')

async function register(options: RegisterOptions) {
  try {
    return await registerClient(options)
  } catch (error) {
    output.textContent = `unregistered ${sayError(error).code}`
    // Nothing of this page works without a client.
    return new Promise<never>(() => {})
  }
}

const registered = globalThis.registration && (await register(globalThis.registration))

const createClient: Tab['createClient'] = (options) =>
  createTelnyxAuth({ clientId: 'telnyx-demo', redirectUri: '/callback', scope: 'billing.read', ...options })

const auth = createClient({
  ...registered,
  ...(globalThis.withSharedWorker && { fetch: sharedWorkerFetch() }),
  ...globalThis.tabOptions,
})

/** Everything that may be logged is: the journeys look for secrets in it. */
function say(what: unknown): void {
  // biome-ignore lint/suspicious/noConsole: the journeys listen to the console
  console.debug(JSON.stringify(what))
}

function sayError(error: unknown) {
  const described = describeError(error)
  say(described)
  return described
}

async function askOnce(choice: TokenTarget = {}): Promise<Answer> {
  try {
    return { token: await auth.getAccessToken(choice) }
  } catch (error) {
    return { code: String(sayError(error).code) }
  }
}

/** What `call` gives, or what it rejects with. */
async function codeOf<T>(call: () => Promise<T>): Promise<T | string> {
  try {
    return await call()
  } catch (error) {
    const { code, name } = sayError(error)
    return String(code ?? name)
  }
}

async function callOnce(path = '/v2/balance', choice: TokenTarget = {}): Promise<number | string> {
  return codeOf(async () => (await auth.fetch(globalThis.tabOptions.issuer + path, {}, choice)).status)
}

async function stepUp(): Promise<number | string> {
  try {
    return (await auth.fetch(`${globalThis.tabOptions.issuer}/v2/balance`)).status
  } catch (error) {
    sayError(error)
    return codeOf(() => auth.signIn({ stepUp: error as TelnyxAuthError }).then(() => 'leaves'))
  }
}

/** As many times as asked, all at once. */
function allAtOnce<T>(callers: number, call: () => Promise<T>): Promise<readonly T[]> {
  return Promise.all(Array.from({ length: callers }, call))
}

function show(): void {
  const snapshot = auth.getSnapshot()
  const words = [
    snapshot.status,
    snapshot.status === 'signed-in' && snapshot.isRefreshing && 'refreshing',
    snapshot.status === 'signed-in' && snapshot.isStale && 'stale',
    snapshot.error?.code,
  ]
  output.textContent = words.filter(Boolean).join(' ')
  if (snapshot.error) sayError(snapshot.error)
}

globalThis.tab = {
  auth,
  ask: (callers, choice) => allAtOnce(callers, () => askOnce(choice)),
  call: (callers, path, choice) => allAtOnce(callers, () => callOnce(path, choice)),
  stepUp,
  discover: (url, options) =>
    codeOf(async () => discoverFromChallenge(await fetch(url, { method: 'POST' }), options)),
  expiry: async () => {
    const snapshot = auth.getSnapshot()
    if (snapshot.status !== 'signed-in') return
    await new Promise((resolve) => setTimeout(resolve, snapshot.token.expiresAtMs - Date.now()))
  },
  diagnose: async (options) => {
    const findings = await auth.diagnose(options)
    say(findings)
    return findings
  },
  reregister: async () => {
    try {
      await auth.refresh()
    } catch (error) {
      sayError(error)
      return (await registered?.reregister(error))?.clientId
    }
    return undefined
  },
  createClient,
  sharedWorkerFetch,
  signInWithPopup: async (options) => {
    try {
      await signInWithPopup(auth, options)
      return undefined
    } catch (error) {
      const { code, message, thrown } = sayError(error)
      return String(code ?? message ?? thrown)
    }
  },
}

let renewals = 0
auth.onEvent((event) => {
  say(event)
  if (event.type !== 'token-renewed') return
  renewals += 1
  output.dataset.renewals = String(renewals)
})
auth.subscribe(show)
show()
