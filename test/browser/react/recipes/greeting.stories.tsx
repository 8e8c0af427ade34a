import { createTestAuth, type TestAuth } from '@telnyx-oauth/core/testing'
import { TelnyxAuthProvider } from '@telnyx-oauth/react'
import type { ReactNode } from 'react'
import { Greeting } from './greeting.tsx'

const meta: { title: string; component: typeof Greeting } = { title: 'Greeting', component: Greeting }
export default meta

interface Story {
  readonly render: () => ReactNode
}

const greet = (auth: TestAuth) => (
  <TelnyxAuthProvider client={auth}>
    <Greeting />
  </TelnyxAuthProvider>
)

export const SignedOut: Story = { render: () => greet(createTestAuth({ status: 'signed-out' })) }

export const SignedIn: Story = { render: () => greet(createTestAuth()) }

export const SessionExpired: Story = {
  render: () => {
    const auth = createTestAuth()
    auth.fail('session_expired')
    return greet(auth)
  },
}
