'use client'

import { createElement, type ReactElement, useEffect, useMemo, useState } from 'react'
import { useTelnyxAuthClient } from '../use-auth-client.ts'
import type { PanelOptions } from './devtools-panel.tsx'
import { createEventLog } from './event-log.ts'

// Bundlers put a literal here, as they do for React itself.
declare const process: { readonly env: { readonly NODE_ENV?: string } }

/** The props of {@link TelnyxAuthDevtools}. */
export interface TelnyxAuthDevtoolsProps {
  /** Whether a production build shows the panel, too. @default false */
  readonly showInProduction?: boolean
  /** Whether the panel is open at first. @default false */
  readonly initiallyOpen?: boolean
  /** The corner at the bottom of the window. @default 'right' */
  readonly side?: 'left' | 'right'
}

/**
 * A floating panel that shows the session of the nearest `TelnyxAuthProvider` and what happens to it: put it inside
 * the provider, once. No token is ever in it, nor in the report that it exports.
 *
 * In production it renders nothing, unless `showInProduction` is set. Its code is loaded by `import()` when it is
 * rendered, so that nobody else pays for it.
 *
 * @throws {Error} there is no `TelnyxAuthProvider` above
 */
export function TelnyxAuthDevtools(props: TelnyxAuthDevtoolsProps): ReactElement | null {
  const { showInProduction = false, initiallyOpen = false, side = 'right' } = props
  if (process.env.NODE_ENV === 'production' && !showInProduction) return null
  return createElement(LateDevtools, { initiallyOpen, side })
}

/** Listens at once, because the first events are over before the panel is loaded. */
function LateDevtools(options: PanelOptions): ReactElement | null {
  const client = useTelnyxAuthClient()
  const log = useMemo(() => createEventLog(client), [client])
  const [panel, setPanel] = useState<typeof import('./devtools-panel.tsx')>()
  useEffect(() => log.start(), [log])
  useEffect(() => {
    void import('./devtools-panel.tsx').then(setPanel)
  }, [])
  return panel ? createElement(panel.DevtoolsPanel, { ...options, client, log }) : null
}
