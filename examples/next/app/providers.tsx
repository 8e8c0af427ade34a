'use client'

import { TelnyxAuthProvider } from '@telnyx-oauth/react'
import { TelnyxAuthDevtools } from '@telnyx-oauth/react/devtools'
import { useRouter } from 'next/navigation'
import type { ReactNode } from 'react'

/** The router of Next.js does not follow a URL that somebody else has changed, so it is handed the return path. */
export function Providers({ children }: { readonly children: ReactNode }) {
  const { replace } = useRouter()
  return (
    <TelnyxAuthProvider
      issuer={process.env.NEXT_PUBLIC_TELNYX_ISSUER ?? 'http://localhost:4010'}
      clientId="telnyx-demo"
      redirectUri="/callback"
      scope={['billing.read']}
      navigate={(path) => replace(path)}
    >
      {children}
      <TelnyxAuthDevtools />
    </TelnyxAuthProvider>
  )
}
