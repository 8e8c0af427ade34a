import { startWebKit } from '../../../support/webkit/start-webkit.ts'
import type { WebDriverSession } from '../../../support/webkit/web-driver.ts'
import { createQueue, type InTurn } from '../../support/in-turn.ts'
import type { Engine, Tab, Visit } from './tab.ts'

/** The WebKitGTK of this machine. WebDriver tells nothing of the console, so complaints are not heard here. */
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
  return {
    open: async (path) => {
      const handle = unused.pop() ?? (await inTurn(session.openTab))
      const tab = tabOf(session, inTurn, handle)
      await inTurn(async () => {
        await session.switchTo(handle)
        await session.navigate(origin + path)
      })
      return tab
    },
    leave: session.end,
  }
}

function tabOf(session: WebDriverSession, inTurn: InTurn, handle: string): Tab {
  const here = <T>(work: () => Promise<T>): Promise<T> =>
    inTurn(async () => {
      await session.switchTo(handle)
      return await work()
    })
  return {
    click: (xpath) => here(() => session.click(xpath)),
    read: (xpath) => here(() => session.read(xpath)),
    reload: () => here(session.reload),
  }
}
