import type * as OidcProvider from 'oidc-provider'

/** What `import('oidc-provider')` gives. */
export type ProviderLibrary = typeof OidcProvider

/**
 * Imports oidc-provider when the emulator is started, and not before: whoever only reads a Vite configuration
 * does not wait for it.
 */
export async function loadProvider(): Promise<ProviderLibrary> {
  const { library } = await import('./provider-library.ts')
  return library
}
