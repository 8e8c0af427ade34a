import type * as OidcProvider from 'oidc-provider'

/** What `import('oidc-provider')` gives. */
export type ProviderLibrary = typeof OidcProvider

const RUNTIME_NOTICE = 'oidc-provider WARNING: Unsupported runtime. Use Node.js v22.x LTS'

/**
 * Imports oidc-provider without the one line it prints while it is evaluated on Node 20.
 *
 * The library runs on Node 20 (our tests do), but says on import that it is not supported there; whoever starts
 * the emulator could only ignore that. Nothing else that is written to the console meanwhile is touched, and on
 * newer versions of Node nothing is printed and so nothing is held back.
 */
export async function loadProvider(): Promise<ProviderLibrary> {
  const { warn } = console
  console.warn = (...words: unknown[]) => {
    if (!String(words[0]).includes(RUNTIME_NOTICE)) warn.apply(console, words)
  }
  try {
    return await import('oidc-provider')
  } finally {
    console.warn = warn
  }
}
