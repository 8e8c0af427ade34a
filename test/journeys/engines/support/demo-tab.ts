import { words } from '../../support/demo-pages.ts'
import type { Tab } from './tab.ts'

/** XPaths of what a person sees in the demo. */
const heading = (text: string): string =>
  `//h1[normalize-space()='${text}']|//h2[normalize-space()='${text}']`
const button = (text: string): string => `//button[normalize-space()='${text}']`
const anything = (text: string): string => `//body//*[text()[contains(., '${text}')]]`
const token = `//dd[contains(., 'characters')]/code`

/** Presses a button by its name. */
export function press(tab: Tab, name: string): Promise<void> {
  return tab.click(button(name))
}

/** Waits for words that stand somewhere on the page. */
export async function sees(tab: Tab, text: string): Promise<void> {
  await tab.read(anything(text))
}

export async function seesSignedIn(tab: Tab): Promise<void> {
  await tab.read(heading(words.signedIn))
}

export async function seesSignedOut(tab: Tab): Promise<void> {
  await tab.read(button(words.signInButton))
}

/** The first characters of the token. */
export function readToken(tab: Tab): Promise<string> {
  return tab.read(token)
}

/** Signs in, from a page that says so. */
export async function signIn(tab: Tab): Promise<void> {
  await press(tab, words.signInButton)
  await press(tab, 'Allow')
  await seesSignedIn(tab)
}
