import react from '@vitejs/plugin-react'
import {
  defaultClientConditions,
  defaultServerConditions,
  type PluginOption,
  type UserConfig,
  type UserConfigFnPromise,
} from 'vite'
import { defineConfig } from 'vitest/config'
import { testProjects } from './test/projects.ts'

// Workspace packages are read from their sources: no build between an edit and what the demo or a test sees.
const source: UserConfig = {
  resolve: { conditions: ['source', ...defaultClientConditions] },
  ssr: { resolve: { conditions: ['source', ...defaultServerConditions] } },
}

// Vitest loads this file in mode `test`. Everything else is the app: `npm start`, `vite build demo`, a journey's server.
const config: UserConfigFnPromise = defineConfig(async ({ mode }) =>
  mode === 'test'
    ? {
        test: {
          projects: testProjects(source),
          reporters: ['default', './scripts/support/conformance-reporter.mjs'],
        },
      }
    : { ...source, root: 'demo', plugins: [react(), await emulator()] },
)
export default config

/** Brought along, unless another issuer was named. `npm start` names the port when the usual one is taken. */
async function emulator(): Promise<PluginOption> {
  const { TELNYX_EMULATOR_PORT, TELNYX_CONSENT_URL, VITE_TELNYX_ISSUER } = process.env
  if (VITE_TELNYX_ISSUER && !TELNYX_EMULATOR_PORT) return undefined
  const { telnyxOAuthEmulator } = await import('./packages/emulator/src/vite-plugin.ts')
  return telnyxOAuthEmulator({
    ...(TELNYX_EMULATOR_PORT && { port: Number(TELNYX_EMULATOR_PORT) }),
    // Only people who are signed in can use the console's consent page: signing in there must not lead to it.
    ...(TELNYX_CONSENT_URL && { consentUrl: { url: TELNYX_CONSENT_URL, except: ['telnyx-demo'] } }),
  })
}
