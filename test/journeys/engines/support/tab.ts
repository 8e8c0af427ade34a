/** One tab of whatever browser. What is looked for is waited for; what does not come within the engine's limit rejects. */
export interface Tab {
  /** Clicks the element at an XPath. */
  readonly click: (xpath: string) => Promise<void>
  /** The text of the element at an XPath. */
  readonly read: (xpath: string) => Promise<string>
  readonly reload: () => Promise<void>
  /** Loads another page of the site. */
  readonly goTo: (path: string) => Promise<void>
  /** Presses the back button. */
  readonly back: () => Promise<void>
  readonly address: () => Promise<string>
}

/** A person with a fresh profile of a browser. */
export interface Visit {
  /** Opens a tab. @param path on the site */
  readonly open: (path: string) => Promise<Tab>
  /** Ends the visit. @throws when a page complained or told a secret, where the engine lets us hear that */
  readonly leave: () => Promise<void>
}

/** A browser that is not Chromium. */
export interface Engine {
  readonly visit: (origin: string) => Promise<Visit>
  readonly stop: () => Promise<void>
}
