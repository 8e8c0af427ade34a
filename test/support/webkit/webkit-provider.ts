import { defineBrowserProvider } from '@vitest/browser'
import type { BrowserProvider, BrowserProviderOption } from 'vitest/node'
import { startWebKit, type WebKit } from './start-webkit.ts'
import type { WebDriverSession } from './web-driver.ts'

/** Runs Vitest's browser tests in WebKitGTK. There is no other provider that can: Playwright's WebKit is a build of its own. */
export function webKitProvider(): BrowserProviderOption {
  return defineBrowserProvider({
    name: 'webkitgtk',
    supportedBrowser: ['webkit'],
    providerFactory: createWebKitProvider,
  })
}

function createWebKitProvider(): BrowserProvider {
  let webKit: WebKit | undefined
  let session: WebDriverSession | undefined
  return {
    name: 'webkitgtk',
    supportsParallelism: false,
    initScripts: [],
    getCommandsContext: () => ({}),
    openPage: async (_sessionId, url) => {
      webKit ??= await startWebKit()
      session ??= await webKit.startSession()
      await session.navigate(url)
    },
    close: async () => {
      await session?.end()
      webKit?.stop()
      session = undefined
      webKit = undefined
    },
  }
}
