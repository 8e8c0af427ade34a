import type { Browser, BrowserContext, Page } from 'playwright'
import { expect } from 'playwright/test'
import { type Witness, watch } from './witness.ts'

/** A person with a browser of their own: nothing is stored in it yet. */
export interface Visitor extends Witness {
  readonly context: BrowserContext
  /** Opens a tab. @param path on the site */
  readonly open: (path?: string) => Promise<Page>
  /** Ends the visit. @throws when a page complained or told a secret */
  readonly leave: () => Promise<void>
}

export interface VisitOptions {
  /** The journey is about a server that fails: the browser's own notes of that are no complaints. @default false */
  readonly mayFail?: boolean
}

/** @param context a fresh one, or a whole browser's */
export function visit(context: BrowserContext, origin: string, { mayFail }: VisitOptions = {}): Visitor {
  const witness = watch(context, mayFail)
  return {
    ...witness,
    context,
    open: async (path = '/') => {
      const page = await context.newPage()
      await page.goto(origin + path)
      return page
    },
    leave: async () => {
      const leaks = await witness.leaks()
      await context.close()
      expect(witness.complaints, 'errors and warnings in the console').toEqual([])
      expect(leaks, 'words that hold a token, a code or a verifier').toEqual([])
    },
  }
}

/** A visit in a context of its own. */
export async function visitAfresh(
  browser: Browser,
  origin: string,
  options: VisitOptions = {},
): Promise<Visitor> {
  return visit(await browser.newContext(), origin, options)
}
