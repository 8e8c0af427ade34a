import { startWebKit } from '../../../support/webkit/start-webkit.ts'
import type { WebDriverSession } from '../../../support/webkit/web-driver.ts'
import { expect } from '../../support/expect.ts'
import { createQueue, type InTurn } from '../../support/in-turn.ts'
import type { Engine, Tab, Visit } from './tab.ts'

/**
 * The WebKitGTK of this machine. WebDriver tells nothing of the console, so complaints are not heard here; of secrets
 * those are known that the app has stored when something is read off its page.
 */
export async function startWebKitEngine(): Promise<Engine> {
  const webKit = await startWebKit()
  return {
    visit: async (origin) => visitWith(await webKit.startSession(), origin),
    stop: async () => webKit.stop(),
  }
}

function visitWith(session: WebDriverSession, origin: string): Visit {
  // A command goes to the window that was switched to last: commands of several tabs must not cross.
  const inTurn = createQueue()
  const unused = [session.firstWindow]
  const search = createSearch(session)
  return {
    open: async (path) => {
      const handle = unused.pop() ?? (await inTurn(session.openTab))
      const tab = tabOf(session, inTurn, handle, origin, search.look)
      await inTurn(async () => {
        await session.switchTo(handle)
        await session.navigate(origin + path)
      })
      return tab
    },
    leave: async () => {
      await session.end()
      expect(search.leaks(), 'pages that show a token').toEqual([])
    },
  }
}

/** The access and refresh tokens in the app's database, if there is one: to open a missing one would make it. */
const STORED_TOKENS = `
  const answer = arguments[arguments.length - 1]
  indexedDB.databases().then((all) => {
    if (!all.some(({ name }) => name === 'telnyx-oauth-2')) return answer([])
    indexedDB.open('telnyx-oauth-2').onsuccess = ({ target: { result } }) => {
      result.transaction('records').objectStore('records').getAll().onsuccess = ({ target }) => {
        result.close()
        answer(target.result.flatMap(({ token, refreshToken }) => [token?.accessToken, refreshToken]))
      }
    }
  })`

/** Looks at pages for tokens that must not be there. */
function createSearch(session: WebDriverSession) {
  const tokens = new Set<string>()
  const shown: string[] = []
  return {
    look: async () => {
      const stored = await session.run(STORED_TOKENS)
      for (const token of Array.isArray(stored) ? stored : []) if (token) tokens.add(String(token))
      shown.push(...(await session.shown()))
    },
    leaks: () => {
      if (tokens.size === 0) throw new Error('No token was found in the database: nothing was searched for.')
      return shown.filter((text) => [...tokens].some((token) => text.includes(token)))
    },
  }
}

function tabOf(
  session: WebDriverSession,
  inTurn: InTurn,
  handle: string,
  origin: string,
  look: () => Promise<void>,
): Tab {
  const here = <T>(work: () => Promise<T>): Promise<T> =>
    inTurn(async () => {
      await session.switchTo(handle)
      return await work()
    })
  return {
    click: (xpath) => here(() => session.click(xpath)),
    read: (xpath) =>
      here(async () => {
        const text = await session.read(xpath)
        await look()
        return text
      }),
    reload: () => here(session.reload),
    goTo: (path) => here(() => session.navigate(origin + path)),
    back: () => here(session.back),
    address: () => here(session.address),
  }
}
