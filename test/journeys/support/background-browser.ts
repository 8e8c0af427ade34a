import type { TelnyxAuthOptions } from '@telnyx-oauth/core'
import type { Emulator } from '@telnyx-oauth/emulator'
import { chromium } from 'playwright'
import { freePort } from '../../support/free-port.ts'
import { launchBrowser } from './browser.ts'
import { configureTabs } from './tab-test.ts'
import { type VisitOptions, type Visitor, visit } from './visitor.ts'

/**
 * A visit in a browser where only the tab in front is visible, as in people's own: Playwright makes every page
 * believe that it is in front. Opening a tab brings it to the front.
 */
export async function visitInBackground(
  origin: string,
  emulator: Emulator,
  tabOptions: Partial<TelnyxAuthOptions> = {},
  options: VisitOptions = {},
): Promise<Visitor> {
  const port = await freePort()
  const launched = await launchBrowser([`--remote-debugging-port=${port}`])
  const connected = await chromium.connectOverCDP(`http://127.0.0.1:${port}`, { noDefaults: true })
  const [context] = connected.contexts()
  if (!context) throw new Error('The browser has no default context.')
  const visitor = visit(context, origin, options)
  await configureTabs(visitor, emulator, tabOptions)
  return {
    ...visitor,
    leave: async () => {
      try {
        await visitor.leave()
      } finally {
        await connected.close()
        await launched.close()
      }
    },
  }
}
