import type { TelnyxAuth } from '@telnyx-oauth/core'
import { TelnyxAuthProvider } from '@telnyx-oauth/react'
import { TelnyxAuthDevtools, type TelnyxAuthDevtoolsProps } from '@telnyx-oauth/react/devtools'
import { type BoundFunctions, type queries, render, waitFor, within } from '@testing-library/react'
import { StrictMode } from 'react'

/** The devtools of a page, and what can be looked for in them. */
export interface OpenDevtools extends BoundFunctions<typeof queries> {
  readonly text: () => string
  readonly unmount: () => void
  /** The words of one row of the facts, or of the section with that heading. */
  readonly fact: (name: string) => string | null | undefined
  readonly section: (heading: string) => HTMLElement
}

/** Waits until the panel's code was loaded. @returns the shadow root, as an element */
export async function loadedPanel(container: Element): Promise<HTMLElement> {
  return waitFor(() => {
    const root = container.querySelector('[data-telnyx-auth-devtools]')?.shadowRoot
    if (!root?.querySelector('button')) throw new Error('The panel is not there yet')
    // What Testing Library asks of an element, a shadow root can do as well.
    return root as unknown as HTMLElement
  })
}

/** Renders the devtools of a client in StrictMode, open unless told otherwise. */
export async function openDevtools(
  client: TelnyxAuth,
  props: TelnyxAuthDevtoolsProps = { initiallyOpen: true },
): Promise<OpenDevtools> {
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
    fact: (name) => panel.queryByText(name, { selector: 'dt' })?.nextElementSibling?.textContent,
    section: (heading) => {
      const section = panel.getByRole('heading', { name: heading }).closest('section')
      if (!section) throw new Error(`The heading "${heading}" stands in no section`)
      return section
    },
  }
}
