import { type ChildProcess, spawn } from 'node:child_process'
import { setTimeout as delay } from 'node:timers/promises'
import { findWebKit, whyMissing } from '../../../scripts/support/browsers.mjs'
import { freePort } from '../free-port.ts'
import { startSession, type WebDriverSession } from './web-driver.ts'

/** WebKitGTK's browser, ready to be driven. It has no mode without a window, so it gets a screen that nobody sees. */
export interface WebKit {
  readonly startSession: () => Promise<WebDriverSession>
  /** Ends the driver and the screen; the sessions must have ended. */
  readonly stop: () => void
}

const START_LIMIT_MS = 20_000

/** @throws Error when WebKitGTK is not installed here */
export async function startWebKit(): Promise<WebKit> {
  const paths = findWebKit()
  if (!paths) throw new Error(whyMissing('webkit'))
  const children: ChildProcess[] = []
  const stop = () => {
    for (const child of children.splice(0).reverse()) child.kill()
  }
  process.once('exit', stop)
  try {
    const screen = spawn(
      paths.display,
      ['-displayfd', '3', '-screen', '0', '1280x900x24', '-nolisten', 'tcp'],
      { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] },
    )
    children.push(screen)
    const display = await firstLine(screen)
    const port = await freePort()
    children.push(
      spawn(paths.driver, ['--host=127.0.0.1', `--port=${port}`], {
        stdio: 'ignore',
        env: { ...process.env, DISPLAY: `:${display}` },
      }),
    )
    const origin = `http://127.0.0.1:${port}`
    await untilItAnswers(`${origin}/status`)
    return {
      startSession: () => startSession(origin, 'MiniBrowser'),
      stop: () => {
        process.off('exit', stop)
        stop()
      },
    }
  } catch (error) {
    stop()
    throw error
  }
}

/** The number of the display, which Xvfb writes once it is there. */
function firstLine(screen: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    screen.once('error', reject)
    screen.once('exit', (code) => reject(new Error(`Xvfb ended with exit code ${code}.`)))
    screen.stdio[3]?.once('data', (text: Buffer) => resolve(text.toString().trim()))
  })
}

/** The driver says nothing when it begins to listen. */
async function untilItAnswers(url: string): Promise<void> {
  const limit = AbortSignal.timeout(START_LIMIT_MS)
  while (!limit.aborted) {
    const response = await fetch(url, { signal: limit }).catch(() => undefined)
    if (response?.ok) return
    await delay(20)
  }
  throw new Error(`WebKitWebDriver does not answer within ${START_LIMIT_MS / 1000} seconds.`)
}
