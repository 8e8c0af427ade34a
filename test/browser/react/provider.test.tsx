import type { TelnyxAuth } from '@telnyx-oauth/core'
import {
  TelnyxAuthProvider,
  useSuspenseTelnyxToken,
  useTelnyxAuth,
  useTelnyxAuthClient,
} from '@telnyx-oauth/react'
import { act, cleanup, render, waitFor } from '@testing-library/react'
import { StrictMode, Suspense } from 'react'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { countSubscriptions, pendingAuth, signedIn } from '../../support/test-client.ts'
import { consoleOf } from './support/console.ts'
import { ErrorBoundary } from './support/error-boundary.tsx'
import { signedInStorage } from './support/signed-in-storage.ts'

let channels: ReturnType<typeof countOpenChannels>
beforeEach(() => {
  channels = countOpenChannels()
})
afterEach(() => {
  cleanup()
  channels.restore()
})

const Status = () => useTelnyxAuth().status

/** Hands out the client that a provider made. */
function createProbe() {
  const clients = new Set<TelnyxAuth>()
  const Probe = () => {
    clients.add(useTelnyxAuthClient())
    return null
  }
  return { clients, Probe }
}

const options = { clientId: 'app', redirectUri: '/callback', scope: ['messaging.read'] }

describe('a client that is passed in', () => {
  it('is started, and its children render at once with pending', () => {
    const client = pendingAuth()
    let starts = 0
    const ready = () => {
      starts += 1
      return client.ready()
    }
    const auth = { ...client, ready }
    const { container } = render(
      <TelnyxAuthProvider client={auth}>
        <Status />
      </TelnyxAuthProvider>,
    )
    expect([container.textContent, starts]).toEqual(['pending', 1])
    act(() => auth.publish(signedIn()))
    expect(container.textContent).toBe('signed-in')
  })

  it('is never disposed, and serves the next provider as well', () => {
    const disposals: string[] = []
    const auth = { ...countSubscriptions(pendingAuth()), dispose: () => void disposals.push('dispose') }
    const app = (
      <StrictMode>
        <TelnyxAuthProvider client={auth}>
          <Status />
        </TelnyxAuthProvider>
      </StrictMode>
    )
    render(app).unmount()
    expect(auth.subscriptions()).toBe(0)
    const { container } = render(app)
    act(() => auth.publish(signedIn()))
    expect(container.textContent).toBe('signed-in')
    expect(disposals).toEqual([])
  })
})

describe('a client that the provider makes of its props', () => {
  it('is one, with one open channel, in StrictMode', async () => {
    const { clients, Probe } = createProbe()
    const { container, unmount } = render(
      <StrictMode>
        <TelnyxAuthProvider {...options} sessionName="strict mode">
          <Status />
          <Probe />
        </TelnyxAuthProvider>
      </StrictMode>,
    )
    expect(container.textContent).toBe('pending')
    expect(channels.count()).toBe(1)
    const [client] = [...clients].slice(-1)
    await act(async () => void (await client?.ready()))
    expect(container.textContent).toBe('signed-out')
    expect(channels.count()).toBe(1)

    unmount()
    expect(channels.count()).toBe(0)
  })

  it('is another one after the provider was unmounted', async () => {
    const { clients, Probe } = createProbe()
    const app = (
      <TelnyxAuthProvider {...options} sessionName="mounted twice">
        <Status />
        <Probe />
      </TelnyxAuthProvider>
    )
    render(app).unmount()
    const { container } = render(app)
    await waitFor(() => expect([clients.size, channels.count()]).toEqual([2, 1]))
    await act(async () => {
      for (const client of clients) await client.ready()
    })
    expect(container.textContent).toBe('signed-out')
  })

  it('stays the same when the provider renders again', () => {
    const { clients, Probe } = createProbe()
    const app = (scope: string[]) => (
      <TelnyxAuthProvider {...options} scope={scope} sessionName="rendered again">
        <Probe />
      </TelnyxAuthProvider>
    )
    const { rerender } = render(app(['messaging.read']))
    consoleOf(() => rerender(app(['voice.write'])))
    expect(clients.size).toBe(1)
  })

  it('hands the return path to the navigate prop of the latest render', async () => {
    const before = location.href
    history.replaceState(null, '', '/callback?code=used&state=tx1.used')
    try {
      const { clients, Probe } = createProbe()
      const visited: string[] = []
      const app = (router: string) => (
        <TelnyxAuthProvider
          {...options}
          storage={signedInStorage}
          navigate={(path) => void visited.push(`${router} ${path}`)}
        >
          <Probe />
          <Status />
        </TelnyxAuthProvider>
      )
      const { container, rerender } = render(app('first'))
      rerender(app('latest'))
      await act(async () => {
        for (const client of clients) await client.ready()
      })
      expect([container.textContent, visited]).toEqual(['signed-in', ['latest /']])
    } finally {
      history.replaceState(null, '', before)
    }
  })

  it('is one, although a component below suspends before the provider is mounted', async () => {
    const { clients, Probe } = createProbe()
    const TokenReader = () => useSuspenseTelnyxToken().token
    const app = (
      <Suspense fallback="waiting">
        <TelnyxAuthProvider {...options} sessionName="suspended" storage={signedInStorage}>
          <Probe />
          <TokenReader />
        </TelnyxAuthProvider>
      </Suspense>
    )
    const { container, unmount } = await act(async () => render(app))
    await waitFor(() => expect(container.textContent).toBe('token-1'))
    expect([clients.size, channels.count()]).toEqual([1, 1])
    unmount()
    expect(channels.count()).toBe(0)
  })

  it('is disposed with the last of two providers that were given the same options', async () => {
    const app = (count: number) => (
      <StrictMode>
        {Array.from({ length: count }, (_, index) => (
          <TelnyxAuthProvider key={index} {...options} sessionName="two of one">
            <Status />
          </TelnyxAuthProvider>
        ))}
      </StrictMode>
    )
    const { container, rerender } = render(app(2))
    await waitFor(() => expect(container.textContent).toBe('signed-outsigned-out'))
    rerender(app(1))
    expect(channels.count()).toBe(1)
    rerender(app(0))
    expect(channels.count()).toBe(0)
  })

  it.each<readonly [string, object, string]>([
    ['no client', { client: undefined }, 'the prop "client" is undefined'],
    ['options for a client', { client: options }, 'must be what createTelnyxAuth() returned'],
    ['options beside a client', { client: pendingAuth(), scope: 'a' }, 'the prop "scope" has no effect'],
  ])('is not made of %s, and the error names the mistake', (_title, props, message) => {
    const attempt = () => consoleOf(() => render(<TelnyxAuthProvider {...(props as typeof options)} />))
    expect(attempt).toThrow(TypeError)
    expect(attempt).toThrow(message)
  })

  it('is refused with a TypeError that names the wrong option', () => {
    const attempt = () =>
      consoleOf(() =>
        render(
          <TelnyxAuthProvider clientId="" redirectUri="/callback">
            <Status />
          </TelnyxAuthProvider>,
        ),
      )
    expect(attempt).toThrow(TypeError)
    expect(attempt).toThrow('"clientId"')
  })
})

describe('props that change after the first render', () => {
  it.each([
    ['scope', { scope: ['messaging.read'] }, { scope: ['messaging.read', 'voice.write'] }],
    ['scope', { scope: 'messaging.read' }, {}],
    ['metadata', { metadata: { issuer: 'a' } }, { metadata: { issuer: 'b' } }],
    ['clientId', {}, { clientId: 'another app' }],
    ['storage', { storage: 'memory' }, { storage: signedInStorage }],
  ] as const)('are warned of, once: %s', (name, first, second) => {
    const app = (props: object) => (
      <StrictMode>
        <TelnyxAuthProvider clientId="app" redirectUri="/callback" {...props} />
      </StrictMode>
    )
    const { rerender } = render(app(first))
    const said = consoleOf(() => {
      rerender(app(second))
      rerender(app(first))
    })
    expect(said).toEqual([expect.stringContaining(`the prop "${name}" changed`)])
  })

  it('are not warned of when arrays and metadata have the same members, or functions are new', () => {
    const app = () => (
      <TelnyxAuthProvider
        clientId="app"
        redirectUri="/callback"
        scope={['messaging.read', 'voice.write']}
        allowedUrls={['https://api.telnyx.com/v2']}
        metadata={{ code_challenge_methods_supported: ['S256'] }}
        navigate={() => {}}
        onRevoke={async () => true}
        storage={signedInStorage}
      />
    )
    const { rerender } = render(app())
    expect(consoleOf(() => rerender(app()))).toEqual([])
  })
})

describe('a hook outside a provider', () => {
  it('throws and says what to do', () => {
    const { container } = render(<div />)
    consoleOf(() =>
      render(
        <ErrorBoundary>
          <Status />
        </ErrorBoundary>,
        { container },
      ),
    )
    expect(container.textContent).toContain('wrap the app in <TelnyxAuthProvider client={auth}>')
  })
})

/** Counts the open BroadcastChannels until `restore` is called. */
function countOpenChannels() {
  const open = new Set<BroadcastChannel>()
  const Original = globalThis.BroadcastChannel
  globalThis.BroadcastChannel = class extends Original {
    constructor(name: string) {
      super(name)
      open.add(this)
    }

    override close(): void {
      open.delete(this)
      super.close()
    }
  }
  return {
    count: () => open.size,
    restore: () => {
      globalThis.BroadcastChannel = Original
    },
  }
}
