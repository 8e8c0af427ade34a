/** A page of the console, as the navigation shows it. */
export interface PageLink {
  readonly path: string
  readonly title: string
}

/** Every page a signed-in person can open, in the order of the navigation. */
export const pages: readonly PageLink[] = [{ path: '/', title: 'Session' }]
