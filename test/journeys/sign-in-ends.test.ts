import { readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Emulator, EndpointName } from '@telnyx-oauth/emulator'
import type { Page } from 'playwright'
import { afterAll, describe } from 'vitest'
import type { BrowserUser } from './support/browser-user.ts'
import { decide } from './support/demo-pages.ts'
import { expect } from './support/expect.ts'
import { test } from './support/fixtures.ts'

const DOCUMENT = resolve(import.meta.dirname, '../../docs/sign-in-ends.md')
/** Writes the lines into the document, in place of comparing them. */
const isWriting = process.env.SIGN_IN_ENDS === 'write'
const HEADER = [
  '| How it ends | Where the user is | Snapshot | Events | Token requests | Visits of the authorization endpoint | The guard |',
  '|---|---|---|---|---|---|---|',
]

const START = '/list?page=2#row-7'
/** The option `requestTimeoutMs` of the page, which tells its timers from all others. */
const REQUEST_TIMEOUT_MS = 12_345

declare global {
  /** Lets the request time-outs of the page pass. */
  var passRequestTimeouts: () => void
}

interface Journey {
  readonly user: BrowserUser
  readonly emulator: Emulator
  readonly origin: string
}

interface End {
  readonly title: string
  /** Signs in from `START` up to that end. @returns the page that shows it */
  readonly reach: (journey: Journey) => Promise<Page>
  /** The text of the snapshot by which the end is known. */
  readonly snapshot: string
}

const snapshotOf = (page: Page) => page.locator('output')
const guardOf = (page: Page) => page.locator('#root main')
const allowButton = (page: Page) => page.getByRole('button', { name: 'Allow' })

/** Opens the page behind the guard, which leaves for the server. */
async function openGuarded({ user }: Journey): Promise<Page> {
  const page = await user.open(START)
  await allowButton(page).waitFor()
  return page
}

/** Comes back from the server, and keeps the token request open. */
async function openExchange(journey: Journey, when: 'before' | 'after') {
  const hold = journey.emulator.hold('token', { grant: 'authorization_code', when })
  const page = await openGuarded(journey)
  await decide(page, 'Allow')
  await hold.arrived
  return { page, hold }
}

async function openSignedIn(journey: Journey): Promise<Page> {
  const page = await openGuarded(journey)
  await decide(page, 'Allow')
  await expect(snapshotOf(page)).toHaveText('signed-in')
  return page
}

async function openDenied(journey: Journey): Promise<Page> {
  const page = await openGuarded(journey)
  await decide(page, 'Deny')
  await expect(snapshotOf(page)).toHaveText('signed-out access_denied')
  return page
}

const ENDS: readonly End[] = [
  { title: 'The user allows it', reach: openSignedIn, snapshot: 'signed-in' },
  { title: 'The user denies it', reach: openDenied, snapshot: 'signed-out access_denied' },
  {
    title: 'The server refuses the code',
    reach: async (journey) => {
      journey.emulator.fail('token', { status: 400, body: { error: 'invalid_grant' } })
      const page = await openGuarded(journey)
      await decide(page, 'Allow')
      return page
    },
    snapshot: 'signed-out authorization_failed',
  },
  {
    title: 'The token request takes longer than `requestTimeoutMs`',
    reach: async (journey) => {
      const { page } = await openExchange(journey, 'before')
      await page.evaluate(() => globalThis.passRequestTimeouts())
      return page
    },
    snapshot: 'signed-out server_unavailable',
  },
  {
    title: 'The token response comes after that',
    reach: async (journey) => {
      const { page, hold } = await openExchange(journey, 'before')
      await page.evaluate(() => globalThis.passRequestTimeouts())
      await expect(snapshotOf(page)).toHaveText('signed-out server_unavailable')
      hold.release()
      return page
    },
    snapshot: 'signed-in',
  },
  {
    title: 'The page is reloaded while the code is exchanged',
    reach: async (journey) => {
      const { page } = await openExchange(journey, 'after')
      await page.reload()
      return page
    },
    snapshot: 'signed-out callback_interrupted',
  },
  {
    title: 'The user denies it, then reloads the page',
    reach: async (journey) => {
      const page = await openDenied(journey)
      await page.reload()
      return page
    },
    snapshot: 'signed-out access_denied',
  },
  {
    title: 'The user goes back from the page of the server',
    reach: async (journey) => {
      const page = await openGuarded(journey)
      await page.goBack({ waitUntil: 'commit' })
      return page
    },
    snapshot: 'signed-out',
  },
  {
    title: 'The user goes back and forth after it',
    reach: async (journey) => {
      const page = await openSignedIn(journey)
      await page.goBack({ waitUntil: 'commit' })
      // A page that is still loading when it is left may take the step forward with it.
      await page.waitForFunction(() => document.readyState === 'complete')
      await page.evaluate(() => {
        setTimeout(() => history.forward())
      })
      return page
    },
    snapshot: 'signed-in',
  },
  {
    title: 'A response that was bookmarked is opened, in another browser',
    reach: ({ user }) => user.open('/callback?code=spent&state=tx1.another'),
    snapshot: 'signed-out transaction_not_found',
  },
  {
    title: 'A response that was bookmarked is opened, while the user is signed in',
    reach: async (journey) => {
      const page = await openSignedIn(journey)
      await page.goto(`${journey.origin}/callback?code=spent&state=tx1.another`)
      return page
    },
    snapshot: 'signed-in',
  },
  ...['code=x', 'error=access_denied', 'code=x&state=theirs'].map((query) => ({
    title: `The response is \`?${query}\``,
    reach: async (journey: Journey) => {
      const page = await openGuarded(journey)
      await page.goto(`${journey.origin}/callback?${query}`)
      return page
    },
    snapshot: 'signed-out callback_invalid',
  })),
  {
    title: 'The user closes the window of `signInWithPopup`',
    reach: async (journey) => {
      const page = await openDenied(journey)
      const opening = page.waitForEvent('popup')
      await page.getByRole('button', { name: 'Sign in through a window' }).click()
      const popup = await opening
      await allowButton(popup).waitFor()
      await popup.close()
      return page
    },
    snapshot: 'signed-out popup_closed',
  },
  {
    title: 'A chunk is missing when the user comes back',
    reach: async (journey) => {
      const page = await openGuarded(journey)
      await page.route('**/assets/server-flows*', (route) => route.fulfill({ status: 404 }))
      await decide(page, 'Allow')
      return page
    },
    snapshot: 'signed-out network_error',
  },
  {
    title: 'A chunk is missing when the user comes back, and a reload finds it',
    reach: async (journey) => {
      const page = await openGuarded(journey)
      await page.route('**/assets/server-flows*', (route) => route.fulfill({ status: 404 }))
      await decide(page, 'Allow')
      await expect(snapshotOf(page)).toHaveText('signed-out network_error')
      await page.unroute('**/assets/server-flows*')
      await page.reload()
      return page
    },
    snapshot: 'signed-in',
  },
  {
    title: 'Site data are blocked',
    reach: async ({ user }) => {
      await user.context.addInitScript(() => {
        const blocked = () => {
          throw new DOMException('Access is denied for this document.', 'SecurityError')
        }
        for (const name of ['sessionStorage', 'localStorage', 'indexedDB'])
          Object.defineProperty(globalThis, name, { get: blocked })
      })
      return user.open(START)
    },
    snapshot: 'signed-out storage_failed',
  },
]

/** The place of the user, as the address bar shows it. */
function placeOf(page: Page, { origin }: Journey): string {
  return page
    .url()
    .replace(origin, '')
    .replace(/=[\w.-]{20,}/g, '=…')
}

/** The events of all pages that the user has seen. */
function eventsOf({ user }: Journey): string {
  const events = user.said.flatMap((text) => (text.startsWith('{"atMs"') ? [JSON.parse(text)] : []))
  return events.map(({ type, code, by }) => `\`${[type, code ?? by].filter(Boolean).join(' ')}\``).join(', ')
}

/** The view of the guard, once it has decided. */
async function guardView(page: Page): Promise<string> {
  await expect(guardOf(page)).toHaveText(/The page|Sign in/)
  const text = await guardOf(page).innerText()
  if (text === 'The page') return 'shows the page'
  return text.includes('You are signed out (') ? 'shows the error and a button' : 'shows a button'
}

/** One line of the table. */
async function lineOf({ title, reach, snapshot }: End, journey: Journey): Promise<string> {
  const page = await reach(journey)
  await expect(snapshotOf(page)).toHaveText(snapshot)
  const guard = await guardView(page)
  const countOf = (endpoint: EndpointName) => journey.emulator.requests({ endpoint }).length
  const place = `\`${placeOf(page, journey)}\``
  const cells = [
    title,
    place,
    `\`${snapshot}\``,
    eventsOf(journey),
    countOf('token'),
    countOf('authorize'),
    guard,
  ]
  return `| ${cells.join(' | ')} |`
}

/** Keeps the request time-outs of a page until the test lets them pass. */
function holdRequestTimeouts({ context }: BrowserUser): Promise<unknown> {
  return context.addInitScript((timeoutMs) => {
    const passes: (() => void)[] = []
    const { setTimeout } = globalThis
    globalThis.setTimeout = ((run: () => void, ms?: number) =>
      ms === timeoutMs ? passes.push(run) : setTimeout(run, ms)) as typeof setTimeout
    globalThis.passRequestTimeouts = () => {
      for (const pass of passes.splice(0)) pass()
    }
  }, REQUEST_TIMEOUT_MS)
}

describe('docs/sign-in-ends.md', () => {
  test.override({
    siteName: 'guard-page',
    userOptions: { mayFail: true },
    tabOptions: { requestTimeoutMs: REQUEST_TIMEOUT_MS },
  })

  const text = readFileSync(DOCUMENT, 'utf8')
  const documented = text.split('\n').filter((line) => line.startsWith('|'))
  const lines: string[] = []
  afterAll(() => {
    const [introduction = ''] = text.split('\n|')
    if (isWriting) writeFileSync(DOCUMENT, [introduction, ...HEADER, ...lines, ''].join('\n'))
  })

  test.for(ENDS)('tells how a sign-in ends: $title', async (end, { user, emulator, site }) => {
    await holdRequestTimeouts(user)
    const line = await lineOf(end, { user, emulator, origin: site.origin })
    lines.push(line)
    if (!isWriting) expect(documented).toContain(line)
  })

  test('has these lines and no other', ({ skip }) => {
    skip(isWriting, 'The document is being written.')
    const titles = documented.map((line) => line.split(' | ')[0])
    expect(titles).toEqual(['| How it ends', HEADER[1], ...ENDS.map(({ title }) => `| ${title}`)])
  })
})
