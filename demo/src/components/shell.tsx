import { SignedIn, useTelnyxAuth } from '@telnyx-oauth/react'
import { type JSX, type ReactNode, useRef } from 'react'
import { config } from '../config.ts'
import { pages } from '../pages/pages.ts'
import { BrandMark } from './brand-mark.tsx'
import { SessionStatus } from './session-status.tsx'
import { useFocusRescue } from './use-focus-rescue.ts'
import { usePath } from './use-path.ts'

/** The frame around every page: header with navigation and status, main part, footer. */
export function Shell({ children }: { readonly children: ReactNode }): JSX.Element {
  const main = useRef<HTMLElement>(null)
  useFocusRescue(main, useTelnyxAuth().status)
  return (
    <div className="shell">
      <a className="skip-link" href="#main">
        Skip to the content
      </a>
      <header className="shell-header">
        <a className="brand" href="/">
          <BrandMark />
          <span>
            Telnyx <span className="brand-light">OAuth console</span>
          </span>
        </a>
        <SignedIn>
          <PageNavigation />
        </SignedIn>
        <SessionStatus />
      </header>
      <main id="main" ref={main} tabIndex={-1}>
        {children}
      </main>
      <Footer />
    </div>
  )
}

function PageNavigation(): JSX.Element {
  const current = usePath()
  return (
    <nav aria-label="Pages">
      <ul className="page-links">
        {pages.map(({ path, title }) => (
          <li key={path}>
            <a href={path} aria-current={path === current ? 'page' : undefined}>
              {title}
            </a>
          </li>
        ))}
      </ul>
    </nav>
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
