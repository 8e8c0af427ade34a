import type { EmulatorContext } from '../context.ts'

/** A redirect URI that does not match: names what came, what is registered, and the way to register it. */
export function describeRedirectMismatch(
  { store }: EmulatorContext,
  params: Readonly<Record<string, unknown>>,
): string {
  const id = String(params.client_id)
  const registered = store.clients.get(id)?.redirect_uris ?? []
  const uri = String(params.redirect_uri)
  const remedy =
    id === 'telnyx-demo'
      ? `start the emulator with --redirect-uri ${uri}, or name it in redirectUris of the option clients`
      : 'name it in redirect_uris of the client'
  const list = registered.length === 0 ? 'no redirect URI' : registered.join(' and ')
  return `The app came with ${uri}. Registered for ${id}: ${list}. To register it, ${remedy}.`
}
