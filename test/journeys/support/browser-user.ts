import type { TelnyxAuthOptions } from '@telnyx-oauth/core'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright'
import { chromiumLaunch } from '../../support/browser-path.ts'
import { freePort } from '../../support/free-port.ts'
import { launchBrowser } from './browser.ts'
import { expect } from './expect.ts'
import { type LeakDetector, watch } from './leak-detector.ts'

/** A user with a browser profile of their own: nothing is stored in it yet. */
export interface BrowserUser extends LeakDetector {
  readonly context: BrowserContext
  /** Opens a tab. @param path on the site */
  readonly open: (path?: string) => Promise<Page>
  /** Closes all tabs. @throws when a page complained or told a secret */
  readonly leave: () => Promise<void>
}

export interface UserOptions {
  /** The journey is about a server that fails: the browser's own notes of that are no complaints. @default false */
  readonly mayFail?: boolean
}

/** A user in a context of their own. */
export async function createUser(
  browser: Browser,
  origin: string,
  options: UserOptions = {},
): Promise<BrowserUser> {
  return userOf(await browser.newContext(), origin, options)
}

/**
 * A user with a whole Chromium: only the tab in front is visible, where Playwright makes every page believe that it is,
 * popups are blocked, and pages come back out of the back-forward cache. Opening a tab brings it to the front.
 */
export async function createWholeBrowserUser(
  origin: string,
  options: UserOptions = {},
): Promise<BrowserUser> {
  const port = await freePort()
  const launched = await launchBrowser(chromiumLaunch(), [`--remote-debugging-port=${port}`])
  const connected = await chromium.connectOverCDP(`http://127.0.0.1:${port}`, { noDefaults: true })
  const [context] = connected.contexts()
  if (!context) throw new Error('The browser has no default context.')
  const user = userOf(context, origin, options)
  return {
    ...user,
    leave: async () => {
      try {
        await user.leave()
      } finally {
        await connected.close()
        await launched.close()
      }
    },
  }
}

function userOf(context: BrowserContext, origin: string, { mayFail }: UserOptions): BrowserUser {
  const detector = watch(context, mayFail)
  return {
    ...detector,
    context,
    open: async (path = '/') => {
      const page = await context.newPage()
      await page.goto(origin + path)
      return page
    },
    leave: async () => {
      const leaks = await detector.leaks()
      await context.close()
      expect(detector.complaints, 'errors and warnings in the console').toEqual([])
      expect(leaks, 'words that hold a token, a code or a verifier').toEqual([])
    },
  }
}

/** Sets the options of the client in every `tab-page` that the user opens from now on. */
export async function configureTabs(
  { context }: BrowserUser,
  { issuer }: { readonly issuer: string },
  tabOptions: Partial<TelnyxAuthOptions>,
): Promise<void> {
  await context.addInitScript(
    (options) => {
      globalThis.tabOptions = options
    },
    { issuer, ...tabOptions },
  )
}
