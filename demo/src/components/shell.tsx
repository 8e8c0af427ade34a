import { useTelnyxAuth } from '@telnyx-oauth/react'
import { type JSX, type ReactNode, useRef } from 'react'
import { Link, ScrollRestoration, useNavigation } from 'react-router'
import { config } from '../config.ts'
import { BrandMark } from './brand-mark.tsx'
import { PageNavigation } from './page-navigation.tsx'
import { SessionStatus } from './session-status.tsx'
import { useFocusRescue } from './use-focus-rescue.ts'

/** The frame around every page: header with navigation and status, main part, footer. */
export function Shell({ children }: { readonly children: ReactNode }): JSX.Element {
  const main = useRef<HTMLElement>(null)
  const isLoading = useNavigation().state === 'loading'
  useFocusRescue(main, useTelnyxAuth().status)
  return (
    <div className="shell">
      <a className="skip-link" href="#main">
        Skip to the content
      </a>
      {isLoading && <div className="page-progress" />}
      <header className="shell-header">
        <Link className="brand" to="/">
          <BrandMark />
          <span>
            Telnyx <span className="brand-light">OAuth console</span>
          </span>
        </Link>
        <PageNavigation />
        <SessionStatus />
      </header>
      <main id="main" ref={main} tabIndex={-1} aria-busy={isLoading}>
        {children}
      </main>
      <Footer />
      <ScrollRestoration />
    </div>
  )
}

function Footer(): JSX.Element {
  return (
    <footer className="shell-footer">
      <p>
        Signs in at <code>{config.issuer}</code> as client <code>{config.clientId}</code>
        {config.isEmulator && ', the local emulator: its accounts are made up'}. Tokens stay in this browser.
      </p>
    </footer>
  )
}
