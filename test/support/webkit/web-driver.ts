/** A browser session of a WebDriver server, and every command with a limit: a driver that hangs fails, and is not waited for. */
export interface WebDriverSession {
  /** Handle of the window that commands go to at the start. */
  readonly firstWindow: string
  /** Opens one more tab. @returns its handle */
  readonly openTab: () => Promise<string>
  /** Commands go to this window from now on. */
  readonly switchTo: (handle: string) => Promise<void>
  readonly navigate: (url: string) => Promise<void>
  readonly reload: () => Promise<void>
  /** Clicks the first element at an XPath, as soon as there is one. @throws Error after twenty seconds */
  readonly click: (xpath: string) => Promise<void>
  /** The text of the first element at an XPath, as soon as there is one. @throws Error after twenty seconds */
  readonly read: (xpath: string) => Promise<string>
  /** The address of the page, and its document as it stands. */
  readonly shown: () => Promise<readonly string[]>
  /** Runs the body of a function in the page; its last argument takes the answer. */
  readonly run: (body: string) => Promise<unknown>
  /** Ends the browser. */
  readonly end: () => Promise<void>
}

// Longer than the browser itself waits for a page or an element, so that its own words arrive.
const LIMIT_MS = 60_000
const TIMEOUTS_MS = { implicit: 20_000, pageLoad: 40_000, script: 20_000 }

/** What an element is called on the wire. @see https://www.w3.org/TR/webdriver2/#dfn-web-element-identifier */
const ELEMENT = 'element-6066-11e4-a52e-4f735466cecf'

/** What a search says when the page that was searched has been left, or has changed, in the meantime. */
const LEFT = ['no such frame', 'stale element reference']

class WebDriverError extends Error {
  override readonly name = 'WebDriverError'
  /** @see https://www.w3.org/TR/webdriver2/#errors */
  readonly code: unknown
  constructor(message: string, code: unknown) {
    super(message)
    this.code = code
  }
}

type Command = (
  method: 'GET' | 'POST' | 'DELETE',
  path: string,
  body?: Readonly<Record<string, unknown>>,
) => Promise<unknown>

/**
 * Starts a browser with a profile of its own.
 *
 * @param origin where the WebDriver server listens
 * @see https://www.w3.org/TR/webdriver2/
 */
export async function startSession(origin: string, browserName: string): Promise<WebDriverSession> {
  const capabilities = { alwaysMatch: { browserName, timeouts: TIMEOUTS_MS } }
  const started = await commandsTo(origin)('POST', '/session', { capabilities })
  const command = commandsTo(`${origin}/session/${textOf(started, 'sessionId')}`)
  return {
    firstWindow: String(await command('GET', '/window')),
    openTab: async () => textOf(await command('POST', '/window/new', { type: 'tab' }), 'handle'),
    switchTo: async (handle) => void (await command('POST', '/window', { handle })),
    navigate: async (url) => void (await command('POST', '/url', { url })),
    reload: async () => void (await command('POST', '/refresh', {})),
    click: async (xpath) =>
      void (await onElement(command, xpath, (path) => command('POST', `${path}/click`, {}))),
    read: async (xpath) => String(await onElement(command, xpath, (path) => command('GET', `${path}/text`))),
    shown: async () => [String(await command('GET', '/url')), String(await command('GET', '/source'))],
    run: (body) => command('POST', '/execute/async', { script: body, args: [] }),
    end: async () => void (await command('DELETE', '')),
  }
}

/** Finds an element and does something with it: on the next page, if the one that was searched is just being left. */
async function onElement(
  command: Command,
  xpath: string,
  act: (path: string) => Promise<unknown>,
): Promise<unknown> {
  const limit = AbortSignal.timeout(TIMEOUTS_MS.implicit)
  for (;;) {
    try {
      const found = await command('POST', '/element', { using: 'xpath', value: xpath })
      return await act(`/element/${textOf(found, ELEMENT)}`)
    } catch (error) {
      const isLeft = error instanceof WebDriverError && LEFT.includes(String(error.code))
      if (!isLeft || limit.aborted) throw error
    }
  }
}

function commandsTo(base: string): Command {
  return async (method, path, body) => {
    const response = await fetch(base + path, {
      method,
      signal: AbortSignal.timeout(LIMIT_MS),
      ...(body && { body: JSON.stringify(body) }),
    })
    const answer: unknown = await response.json()
    const value = memberOf(answer, 'value')
    if (response.ok) return value
    throw new WebDriverError(
      `${method} ${path} ${JSON.stringify(body)}: ${JSON.stringify(value)}`,
      memberOf(value, 'error'),
    )
  }
}

function textOf(value: unknown, member: string): string {
  const text = memberOf(value, member)
  if (typeof text !== 'string') throw new Error(`The WebDriver server answered without ${member}.`)
  return text
}

function memberOf(value: unknown, member: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, member) : undefined
}
