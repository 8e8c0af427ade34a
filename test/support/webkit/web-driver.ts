// Not selenium-webdriver (commands without a limit, 24 MB) nor @vitest/browser-webdriverio (drives Safari, not WebKitGTK).

/** A browser session of a WebDriver server. Every command has a limit: a driver that hangs fails. */
export interface WebDriverSession {
  /** Handle of the window that commands go to at the start. */
  readonly firstWindow: string
  /** Opens one more tab. @returns its handle */
  readonly openTab: () => Promise<string>
  /** Commands go to this window from now on. */
  readonly switchTo: (handle: string) => Promise<void>
  readonly navigate: (url: string) => Promise<void>
  readonly reload: () => Promise<void>
  readonly back: () => Promise<void>
  readonly address: () => Promise<string>
  /** Clicks the first element at an XPath, as soon as there is one. @throws Error after twenty seconds */
  readonly click: (xpath: string) => Promise<void>
  /** The text of the first element at an XPath, as soon as there is one. @throws Error after twenty seconds */
  readonly read: (xpath: string) => Promise<string>
  /** The address of the page, its document as it stands, the state of its router and the page before it. */
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

const SHOWN_BESIDE = 'return JSON.stringify([history.state, document.referrer])'

type Command = <Value>(method: 'GET' | 'POST' | 'DELETE', path: string, body?: object) => Promise<Value>

/**
 * Starts a browser with a profile of its own.
 *
 * @param origin where the WebDriver server listens
 * @see https://www.w3.org/TR/webdriver2/
 */
export async function startSession(origin: string, browserName: string): Promise<WebDriverSession> {
  const capabilities = { alwaysMatch: { browserName, timeouts: TIMEOUTS_MS } }
  const { sessionId } = await commandsTo(origin)<{ sessionId: string }>('POST', '/session', { capabilities })
  const command = commandsTo(`${origin}/session/${sessionId}`)
  return {
    firstWindow: await command('GET', '/window'),
    openTab: async () => (await command<{ handle: string }>('POST', '/window/new', { type: 'tab' })).handle,
    switchTo: (handle) => command('POST', '/window', { handle }),
    navigate: (url) => command('POST', '/url', { url }),
    reload: () => command('POST', '/refresh', {}),
    back: () => command('POST', '/back', {}),
    address: () => command('GET', '/url'),
    click: (xpath) => onElement(command, xpath, (path) => command('POST', `${path}/click`, {})),
    read: (xpath) => onElement(command, xpath, (path) => command('GET', `${path}/text`)),
    shown: async () => [
      await command('GET', '/url'),
      await command('GET', '/source'),
      await command('POST', '/execute/sync', { script: SHOWN_BESIDE, args: [] }),
    ],
    run: (body) => command('POST', '/execute/async', { script: body, args: [] }),
    end: () => command('DELETE', ''),
  }
}

/** Finds an element and does something with it: on the next page, if the one that was searched is just being left. */
async function onElement<Value>(
  command: Command,
  xpath: string,
  act: (path: string) => Promise<Value>,
): Promise<Value> {
  const limit = AbortSignal.timeout(TIMEOUTS_MS.implicit)
  for (;;) {
    try {
      const found = await command<Record<string, string>>('POST', '/element', {
        using: 'xpath',
        value: xpath,
      })
      return await act(`/element/${found[ELEMENT]}`)
    } catch (error) {
      const isLeft = error instanceof Error && LEFT.includes(String(error.cause))
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
    const { value } = (await response.json()) as { value: never }
    if (response.ok) return value
    // The error code is the cause. See https://www.w3.org/TR/webdriver2/#errors
    const { error } = value as { error: unknown }
    throw new Error(`${method} ${path} ${JSON.stringify(body)}: ${JSON.stringify(value)}`, { cause: error })
  }
}
