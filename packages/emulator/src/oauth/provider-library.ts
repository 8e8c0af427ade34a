import type * as OidcProvider from 'oidc-provider'

/** The module that `import('oidc-provider')` resolves with. */
export type ProviderLibrary = typeof OidcProvider

const RUNTIME_NOTICE = 'oidc-provider WARNING: Unsupported runtime. Use Node.js v22.x LTS'

/**
 * oidc-provider, imported without the one line it prints while it is evaluated on Node 20.
 *
 * The library runs on Node 20 (our tests do), but says on import that it is not supported there; whoever starts
 * the emulator could only ignore that. Whatever else is written to the console meanwhile passes, and on newer
 * versions of Node, where nothing is printed, nothing is held back.
 */
export const library: ProviderLibrary = await importQuietly()

async function importQuietly(): Promise<ProviderLibrary> {
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
