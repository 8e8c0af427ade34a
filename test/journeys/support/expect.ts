import { expect as playwrightExpect } from 'playwright/test'

/**
 * Playwright's `expect`. Where it waits for the page it waits for as long as an action does: its own limit of five
 * seconds is one that a busy machine breaks.
 */
export const expect: typeof playwrightExpect = playwrightExpect.configure({ timeout: 30_000 })
