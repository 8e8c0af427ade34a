import type { ProviderLibrary } from './provider-library.ts'

/**
 * Imports oidc-provider when the emulator is started, and not before: whoever only reads a Vite configuration
 * does not wait for it.
 */
export async function loadProvider(): Promise<ProviderLibrary> {
  const { library } = await import('./provider-library.ts')
  return library
}
