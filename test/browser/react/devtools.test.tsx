import { type TelnyxAuth, TelnyxAuthError, type TelnyxAuthEvent } from '@telnyx-oauth/core'
import { developerHint } from '@telnyx-oauth/core/messages'
import { createTestAuth } from '@telnyx-oauth/core/testing'
import { TelnyxAuthProvider } from '@telnyx-oauth/react'
import { TelnyxAuthDevtools, type TelnyxAuthDevtoolsProps } from '@telnyx-oauth/react/devtools'
import { act, cleanup, fireEvent, render, waitFor, within } from '@testing-library/react'
import { StrictMode } from 'react'
import { hydrateRoot } from 'react-dom/client'
import { renderToString } from 'react-dom/server.browser'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { countSubscriptions, pendingAuth, signedIn } from '../../support/test-client.ts'
import { consoleDuring, consoleOf } from './support/console.ts'
import { ErrorBoundary } from './support/error-boundary.tsx'

/** Waits until the code of the panel is loaded. @returns its shadow root, as an element */
function loadedPanel(container: Element) {
  return waitFor(() => {
    const root = container.querySelector('[data-telnyx-auth-devtools]')?.shadowRoot
    if (!root?.querySelector('button')) throw new Error('The panel is not there yet')
    // What Testing Library asks of an element, a shadow root can do as well.
    return root as unknown as HTMLElement
  })
}

/** Renders the devtools of a client in StrictMode, open unless told otherwise. */
async function openDevtools(client: TelnyxAuth, props: TelnyxAuthDevtoolsProps = { initiallyOpen: true }) {
  const { container, unmount } = render(
    <StrictMode>
      <TelnyxAuthProvider client={client}>
        <TelnyxAuthDevtools {...props} />
      </TelnyxAuthProvider>
    </StrictMode>,
  )
  const root = await loadedPanel(container)
  const panel = within(root)
  return {
    ...panel,
    unmount,
    text: () => root.textContent ?? '',
    fact: (name: string) => panel.queryByText(name, { selector: 'dt' })?.nextElementSibling?.textContent,
    section: (heading: string) => {
      const section = panel.getByRole('heading', { name: heading }).closest('section')
      if (!section) throw new Error(`The heading "${heading}" stands in no section`)
      return section
    },
  }
}

afterEach(cleanup)

const sessionId = 'session-1'
const atMs = Date.now()
const waited = (waitedMs: number): TelnyxAuthEvent => ({
  type: 'lock-waited',
  sessionId,
  waitedMs,
  isHeld: true,
  outcome: 'send',
  atMs,
})
const sent: TelnyxAuthEvent = { type: 'refresh-started', sessionId, attempt: 1, atMs }
const renewed = (by: 'this-tab' | 'other-tab'): TelnyxAuthEvent => ({
  type: 'token-renewed',
  sessionId,
  by,
  expiresAtMs: atMs + 1,
  atMs,
})

describe('the devtools', () => {
  it('show the session, and of the token its length, expiry and scopes alone', async () => {
    const accessToken = 'sentinel-of-an-access-token'
    const devtools = await openDevtools(
      createTestAuth({ token: accessToken, scopes: ['voice.write'], expiresAtMs: Date.now() + 90_500 }),
    )
    expect(devtools.fact('State')).toBe('signed in')
    expect(devtools.fact('Session id')).toBe('test-session-1')
    expect(devtools.fact('Token')).toBe(`${accessToken.length} characters, not shown`)
    expect(devtools.fact('Scopes')).toBe('voice.write')
    expect(devtools.fact('Expires')).toMatch(/in 1 min (29|30|31) s$/)
    expect(devtools.text()).not.toContain(accessToken)
  })

  it('say of a token that is bound to a key that it is', async () => {
    const fake = pendingAuth()
    const token = { accessToken: 'bound', expiresAtMs: atMs, scopes: [], tokenType: 'DPoP' } as const
    fake.publish(signedIn({ token }))
    const devtools = await openDevtools(fake)
    expect(devtools.fact('Token')).toBe('5 characters, not shown; bound to a key of this browser (DPoP)')
  })

  it('show why nobody is signed in, and what to do', async () => {
    const fake = pendingAuth()
    const error = new TelnyxAuthError('invalid_grant')
    fake.publish({ status: 'signed-out', error })
    const devtools = await openDevtools(fake)
    expect(devtools.fact('State')).toBe('signed out')
    expect(devtools.fact('Error')).toBe(`invalid_grant ${developerHint(error)}`)
  })

  it('tell which tab refreshed, how often it asked and how long it waited for the lock', async () => {
    const fake = pendingAuth()
    fake.publish(signedIn())
    const devtools = await openDevtools(fake)
    expect(devtools.section('Refreshes').textContent).toContain('None yet')
    act(() =>
      [renewed('other-tab'), waited(340.4), sent, renewed('this-tab'), waited(7), sent].forEach(fake.emit),
    )
    const rows = devtools.getAllByRole('row').slice(1)
    const cells = rows.map((row) => [...row.children].slice(1).map(({ textContent }) => textContent))
    expect(cells).toEqual([
      ['this tab', '7 ms', '1', 'under way'],
      ['this tab', '340 ms', '1', 'renewed'],
      ['another tab', '–', '0', 'renewed'],
    ])
  })

  it('tell of trouble with storage', async () => {
    const fake = pendingAuth()
    const devtools = await openDevtools(fake)
    expect(devtools.section('Storage').textContent).toContain('No trouble')
    act(() => fake.emit({ type: 'storage-degraded', kind: 'memory', reason: 'QuotaExceededError', atMs }))
    expect(devtools.section('Storage').textContent).toContain('(memory) is in trouble: QuotaExceededError')
  })

  it('diagnose when told to, what is wrong first, and say what storage is worth', async () => {
    const auth = createTestAuth({
      findings: [
        { check: 'storage', result: 'ok', sentence: 'IndexedDB works.' },
        { check: 'pkce', result: 'problem', sentence: 'No S256.', remedy: 'Announce it.' },
      ],
    })
    const devtools = await openDevtools(auth)
    expect(devtools.queryByRole('list', { name: 'Findings' })).toBe(null)
    await act(async () => fireEvent.click(devtools.getByRole('button', { name: 'Diagnose' })))
    const findings = within(devtools.getByRole('list', { name: 'Findings' })).getAllByRole('listitem')
    expect(findings.map(({ textContent }) => textContent?.trim())).toEqual([
      'problem No S256. Announce it.',
      'ok IndexedDB works.',
    ])
    expect(devtools.section('Storage').textContent).toContain('IndexedDB works.')
  })

  it('list what happened before their own code was loaded, each once though StrictMode mounts twice', async () => {
    const fake = pendingAuth()
    const opened = openDevtools(fake)
    fake.emit(sent)
    const devtools = await opened
    act(() => fake.emit(renewed('this-tab')))
    const events = [...devtools.section('Events').querySelectorAll('li code')]
    expect(events.map(({ textContent }) => textContent)).toEqual(['token-renewed', 'refresh-started'])
  })

  it('mark what happened, and the expiry, on the time line, for the ear as well', async () => {
    const fake = pendingAuth()
    fake.publish(signedIn({ token: { accessToken: 'a', expiresAtMs: Date.now() + 600_000, scopes: [] } }))
    const devtools = await openDevtools(fake)
    act(() => fake.emit(renewed('other-tab')))
    const marks = [...devtools.section('Expiry').querySelectorAll('li')]
    expect(marks.map(({ textContent }) => textContent?.replace(/^.*\d: /, ''))).toEqual([
      'Another tab has a newer token, taken over from storage.',
      'The token expires.',
    ])
    const places = marks.map(({ style }) => Number.parseFloat(style.insetInlineStart))
    expect(places[0]).toBeGreaterThan(0)
    expect(places[0]).toBeLessThan(20)
    expect(places[1]).toBe(100)
  })

  it('stop listening when they are unmounted', async () => {
    const fake = countSubscriptions(pendingAuth())
    const { unmount } = await openDevtools(fake)
    expect(fake.subscriptions()).toBeGreaterThan(0)
    unmount()
    expect(fake.subscriptions()).toBe(0)
  })

  it('below no provider throw and say what to do', () => {
    const { container } = render(<div />)
    consoleOf(() =>
      render(
        <ErrorBoundary>
          <TelnyxAuthDevtools />
        </ErrorBoundary>,
        { container },
      ),
    )
    expect(container.textContent).toContain('wrap the app in <TelnyxAuthProvider client={auth}>')
  })
})

describe('the buttons', () => {
  const press = (devtools: Awaited<ReturnType<typeof openDevtools>>, name: string) =>
    act(async () => fireEvent.click(devtools.getByRole('button', { name })))
  const outcome = (devtools: Awaited<ReturnType<typeof openDevtools>>) =>
    devtools.getByRole('status').textContent

  it('expire the token, refresh it, sign out and in again', async () => {
    const auth = createTestAuth()
    const devtools = await openDevtools(auth)
    await press(devtools, 'Expire')
    expect(devtools.fact('State')).toBe('expired')
    expect(devtools.fact('Expires')).toMatch(/ago: renewed when it is needed$/)

    await press(devtools, 'Refresh')
    expect([devtools.fact('State'), outcome(devtools)]).toEqual(['signed in', 'There is a newer token.'])

    await press(devtools, 'Sign out')
    expect(devtools.fact('State')).toBe('signed out')
    expect(outcome(devtools)).toBe('Signed out; the tokens are not revoked: not_supported.')

    await press(devtools, 'Sign in')
    expect(devtools.fact('Session id')).toBe('test-session-2')
  })

  it('say what went wrong and what to do', async () => {
    const auth = createTestAuth()
    const devtools = await openDevtools(auth)
    act(() => auth.fail('server_unavailable'))
    expect(devtools.fact('State')).toBe('stale')
    await press(devtools, 'Refresh')
    const hint = developerHint(new TelnyxAuthError('server_unavailable'))
    expect(outcome(devtools)).toBe(`server_unavailable. ${hint}`)
  })

  it('that make no sense now do nothing, and say so', async () => {
    const devtools = await openDevtools(createTestAuth({ status: 'signed-out' }))
    const button = devtools.getByRole('button', { name: 'Refresh' })
    expect(button.getAttribute('aria-disabled')).toBe('true')
    await press(devtools, 'Refresh')
    expect(outcome(devtools)).toBe('')
  })
})

describe('the panel', () => {
  it('of a token without an end says that it never expires, and no duration', async () => {
    const devtools = await openDevtools(createTestAuth({ expiresAtMs: Infinity }))
    expect(devtools.fact('Expires')).toBe('never')
  })

  it('stands in the document of an iframe, where sheets of this one are not taken', async () => {
    const frame = document.body.appendChild(document.createElement('iframe'))
    const container = frame.contentDocument?.body.appendChild(document.createElement('div'))
    if (!container) throw new Error('The iframe has no document.')
    render(
      <TelnyxAuthProvider client={createTestAuth()}>
        <TelnyxAuthDevtools initiallyOpen />
      </TelnyxAuthProvider>,
      { container },
    )
    const root = (await loadedPanel(container)) as unknown as ShadowRoot
    expect(root.adoptedStyleSheets).toHaveLength(1)
    cleanup()
    frame.remove()
  })

  it('has a style element where the browser has no constructed sheets, as jsdom', async () => {
    const replaceSync = vi.spyOn(CSSStyleSheet.prototype, 'replaceSync').mockImplementation(() => {
      throw new TypeError('replaceSync is not a function')
    })
    const devtools = await openDevtools(createTestAuth())
    replaceSync.mockRestore()
    expect(devtools.text()).toContain('.devtools')
  })

  it('opens with its button and closes with Escape, which gives the focus back', async () => {
    const devtools = await openDevtools(createTestAuth(), {})
    const toggle = devtools.getByRole('button', { name: 'Telnyx OAuth: signed in' })
    expect([toggle.getAttribute('aria-expanded'), devtools.text()]).toEqual([
      'false',
      'Telnyx OAuth: signed in',
    ])
    fireEvent.click(toggle)
    expect(toggle.getAttribute('aria-expanded')).toBe('true')
    const refresh = devtools.getByRole('button', { name: 'Refresh' })
    refresh.focus()
    fireEvent.keyDown(refresh, { key: 'Escape' })
    expect(toggle.getAttribute('aria-expanded')).toBe('false')
    expect((toggle.getRootNode() as ShadowRoot).activeElement).toBe(toggle)
  })

  it('keeps the styles of the page out, and its own in', async () => {
    const style = document.createElement('style')
    style.textContent = 'button, dt, div { color: rgb(1, 2, 3) !important; font-size: 77px }'
    document.head.append(style)
    try {
      const devtools = await openDevtools(createTestAuth())
      const { color, fontSize } = getComputedStyle(devtools.getByText('State', { selector: 'dt' }))
      expect([color, fontSize]).not.toContain('rgb(1, 2, 3)')
      expect(fontSize).toBe('13px')
      const root = devtools.section('Session').getRootNode() as ShadowRoot
      expect(root.querySelectorAll('style, link, [style*=color]')).toHaveLength(0)
    } finally {
      style.remove()
    }
  })

  it('is not part of what a server renders, and hydration finds nothing that differs', async () => {
    const app = (
      <TelnyxAuthProvider client={createTestAuth()}>
        <TelnyxAuthDevtools />
      </TelnyxAuthProvider>
    )
    const container = document.createElement('div')
    document.body.append(container)
    expect(renderToString(app)).toBe('')
    const said = await consoleDuring(() => act(async () => void hydrateRoot(container, app)))
    expect(said).toEqual([])
    expect((await loadedPanel(container)).textContent).toBe('Telnyx OAuth: signed in')
    container.remove()
  })
})
