import { useOutletContext } from 'react-router'
import type { Farewell } from './pages/sign-in/farewell.ts'

/** What the frame shares with the pages in it. */
export interface ConsoleContext {
  /** Signs out, and remembers how that went. */
  readonly leave: () => Promise<void>
  /** The last sign-out that was asked for here, if there was one. */
  readonly farewell: Farewell | undefined
}

/** Reads what the frame shares; for pages, below the router's outlet. */
export function useConsole(): ConsoleContext {
  return useOutletContext<ConsoleContext>()
}
