import type { Browser, BrowserContext, Page, Request, Response } from 'playwright'
import { expect } from './expect.ts'

/** Sees and hears everything that a browser's pages exchange with the token endpoint, and all that they say. */
export interface LeakDetector {
  /** Every token, code and verifier that crossed the wire. Waits for answers that are still being read. */
  readonly secrets: () => Promise<ReadonlySet<string>>
  /** Console messages, uncaught errors and, of the bare page, every event and error, serialised. */
  readonly said: readonly string[]
  /** Errors and warnings in the console, and uncaught errors. */
  readonly complaints: readonly string[]
  /** The words in which a secret was told. */
  readonly leaks: () => Promise<readonly string[]>
}

const SECRET_PARAMETERS = ['code', 'code_verifier', 'refresh_token'] as const
const SECRET_MEMBERS = ['access_token', 'refresh_token', 'id_token'] as const

/** The browser's own lines about answers above 399, connections that were cut, CORS and Content Security Policy. */
const FAILED_REQUEST =
  /^(Failed to load resource: |Access to fetch at |Connecting to |Fetch API cannot load )/

interface FullDetector extends LeakDetector {
  /** Those complaints that are not about a request which failed. */
  readonly otherComplaints: readonly string[]
}

const detectors = new WeakMap<BrowserContext, FullDetector>()

/** @param mayFail whether the journey is about a server that fails, which the browser notes in the console itself */
export function watch(context: BrowserContext, mayFail = false): LeakDetector {
  const detector = detectors.get(context) ?? beginToWatch(context)
  detectors.set(context, detector)
  return mayFail ? { ...detector, complaints: detector.otherComplaints } : detector
}

const watched = new WeakMap<Browser, Set<BrowserContext>>()

/** Watches every context of `browser` from its beginning. Closing the browser throws when a secret was told in one. */
export function watchAll(browser: Browser): Browser {
  const contexts = new Set<BrowserContext>()
  watched.set(browser, contexts)
  const newContext = browser.newContext.bind(browser)
  const close = browser.close.bind(browser)
  browser.newContext = async (options) => {
    const context = await newContext(options)
    contexts.add(context)
    watch(context)
    return context
  }
  browser.close = async (options) => {
    try {
      await closeContexts(browser)
    } finally {
      await close(options)
    }
  }
  return browser
}

/** Closes the contexts of a browser that `watchAll` watches. @throws when a secret was told in one, open or closed */
export async function closeContexts(browser: Browser): Promise<void> {
  const contexts = [...(watched.get(browser) ?? [])]
  watched.get(browser)?.clear()
  const leaks = await Promise.all(contexts.map((context) => watch(context).leaks()))
  await Promise.all(contexts.map((context) => context.close()))
  expect(leaks.flat(), 'words that hold a token, a code or a verifier').toEqual([])
}

function beginToWatch(context: BrowserContext): FullDetector {
  const secrets = new Set<string>()
  const receivedCodes = new Set<string>()
  const said: string[] = []
  const complaints: string[] = []
  const otherComplaints: string[] = []
  const reading: Promise<void>[] = []

  const complain = (complaint: string, isAboutRequest = false) => {
    complaints.push(complaint)
    if (!isAboutRequest) otherComplaints.push(complaint)
  }
  context.on('request', (request) => {
    keepSecretsOf(request, secrets)
    keepCodeOf(request, receivedCodes)
  })
  context.on('response', (response) => reading.push(readSecretsOf(response, secrets)))
  context.on('console', (message) => {
    const text = message.text()
    said.push(text)
    if (!['error', 'warning'].includes(message.type())) return
    complain(`${message.type()}: ${text} (${message.location().url})`, FAILED_REQUEST.test(text))
  })
  context.on('weberror', (error) => {
    const { stack, message } = error.error()
    said.push(stack ?? message)
    complain(`uncaught: ${message}`)
  })
  const allSecrets = async () => {
    await Promise.all(reading)
    return secrets
  }
  return {
    secrets: allSecrets,
    said,
    complaints,
    otherComplaints,
    leaks: async () => {
      await allSecrets()
      const shown = await Promise.all(context.pages().map(shownBy))
      const leaks = leaksIn([...said, ...shown.flat()], new Set([...secrets, ...receivedCodes]))
      // A code that was not exchanged may stay in the URL, for a reload.
      return [
        ...leaks,
        ...leaksIn(
          context.pages().map((page) => page.url()),
          secrets,
        ),
      ]
    },
  }
}

/** Can be read off a page, beside its address: its document, the state of its router, the page before it. */
async function shownBy(page: Page): Promise<readonly string[]> {
  const read = () => [document.documentElement.outerHTML, JSON.stringify(history.state), document.referrer]
  return page.evaluate(read).catch(() => [])
}

function leaksIn(texts: readonly string[], secrets: ReadonlySet<string>): readonly string[] {
  return texts.filter((text) => [...secrets].some((secret) => text.includes(secret)))
}

/** Keeps the code of an authorization response, exchanged or not. */
function keepCodeOf(request: Request, codes: Set<string>): void {
  if (!request.isNavigationRequest()) return
  const { searchParams } = new URL(request.url())
  const code = searchParams.get('code')
  if (code && searchParams.get('state')?.startsWith('tx1.')) codes.add(code)
}

function keepSecretsOf(request: Request, secrets: Set<string>): void {
  const parameters = new URLSearchParams(request.postData() ?? '')
  for (const name of SECRET_PARAMETERS) {
    const value = parameters.get(name)
    if (value) secrets.add(value)
  }
}

async function readSecretsOf(response: Response, secrets: Set<string>): Promise<void> {
  if (!response.url().endsWith('/v2/oauth/token') || !response.ok()) return
  // The page may be gone before its answer was read: then nobody could tell of it either.
  const body: unknown = await response.json().catch(() => undefined)
  for (const name of SECRET_MEMBERS) {
    const value: unknown = typeof body === 'object' && body !== null ? Reflect.get(body, name) : undefined
    if (typeof value === 'string') secrets.add(value)
  }
}
