import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  RouterProvider,
  redirect,
} from '@tanstack/react-router'
import type { TelnyxAuth } from '@telnyx-oauth/core'
import { useTelnyxAuth, useTelnyxAuthClient } from '@telnyx-oauth/react'
import { type ReactNode, useEffect, useState } from 'react'

const root = createRootRouteWithContext<{ auth: TelnyxAuth }>()()

const welcome = createRoute({
  getParentRoute: () => root,
  path: '/welcome',
  component: () => <p>Welcome</p>,
})

const numbers = createRoute({
  getParentRoute: () => root,
  path: '/',
  beforeLoad: async ({ context }) => {
    const { status } = await context.auth.ready()
    if (status !== 'signed-in') throw redirect({ to: '/welcome' })
  },
  loader: async ({ context, abortController: { signal } }): Promise<{ data: string[] }> => {
    const response = await context.auth.fetch('https://api.telnyx.com/v2/phone_numbers', { signal })
    return response.json()
  },
  component: Numbers,
})

function Numbers(): ReactNode {
  return <p>{numbers.useLoaderData().data.join(', ')}</p>
}

export function Pages(): ReactNode {
  const auth = useTelnyxAuthClient()
  const { sessionId } = useTelnyxAuth()
  const [router] = useState(() =>
    createRouter({ routeTree: root.addChildren([welcome, numbers]), context: { auth } }),
  )
  // Somebody signed out, or in as somebody else, in whatever tab: ask `beforeLoad` and the loaders again.
  useEffect(() => void router.invalidate(), [router, sessionId])
  return <RouterProvider router={router} />
}
