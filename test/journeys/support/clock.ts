import type { Page } from 'playwright'
import type { BrowserUser } from './browser-user.ts'

declare global {
  /** By how much this machine's clock is wrong, in milliseconds. */
  var clockErrorMs: number
}

/** Lets the pages that the user opens from now on read a clock that is wrong. Timers go on as they do. */
export async function setClockWrong({ context }: BrowserUser, errorMs: number): Promise<void> {
  await context.addInitScript((startMs) => {
    const rightNow = Date.now.bind(Date)
    globalThis.clockErrorMs = startMs
    Date.now = () => rightNow() + globalThis.clockErrorMs
  }, errorMs)
}

/** Sets the clock of the machine, which every tab reads. */
export async function moveClock(tabs: readonly Page[], byMs: number): Promise<void> {
  for (const page of tabs) {
    await page.evaluate((ms) => {
      globalThis.clockErrorMs += ms
    }, byMs)
  }
}
