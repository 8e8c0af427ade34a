// A test set-up of an app, in a project that knows the packages only from their tarballs.
import { createEmulator } from '@telnyx-oauth/emulator'
import { telnyxOAuthEmulator } from '@telnyx-oauth/emulator/vite'
import type { Plugin } from 'vite'

export const plugins: Plugin[] = [telnyxOAuthEmulator()]

export async function signInServer(): Promise<void> {
  const emulator = createEmulator({ port: 0 })
  await emulator.start()
  emulator.expireAccessTokens()
  await emulator.stop()
}

// @ts-expect-error an option that does not exist is refused
createEmulator({ prot: 0 })
