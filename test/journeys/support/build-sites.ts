import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import react from '@vitejs/plugin-react'
import { build, defaultClientConditions, type InlineConfig } from 'vite'
import type { TestProject } from 'vitest/node'

/** The sites that journeys open: the demo, and one page for each folder `*-page/`. */
export const SITE_NAMES = [
  'demo',
  'tab-page',
  'devtools-page',
  'greeting-page',
  'guard-page',
  'mcp-page',
  'router-page',
] as const
export type SiteName = (typeof SITE_NAMES)[number]

/** Stands for the issuer in what is built. The server of a site puts the issuer of its emulator there. */
export const ISSUER_PLACEHOLDER = 'http://localhost:65535'

declare module 'vitest' {
  interface ProvidedContext {
    /** The folder with a folder for each built site. */
    builtSites: string
  }
}

// Beside Vite's own, which Vitest sets to `test`: the variables of `demo/.env` that name the server.
const BUILD_ENV = {
  NODE_ENV: 'production',
  VITE_TELNYX_ISSUER: ISSUER_PLACEHOLDER,
  VITE_TELNYX_API: `${ISSUER_PLACEHOLDER}/v2`,
}

/** Vitest's global setup: builds every site for production, once per run. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'telnyx-oauth-sites-'))
  const before = { ...process.env }
  Object.assign(process.env, BUILD_ENV)
  try {
    await Promise.all(SITE_NAMES.map((name) => build(configOf(name, join(folder, name)))))
  } finally {
    process.env = before
  }
  project.provide('builtSites', folder)
  return () => rm(folder, { recursive: true, force: true })
}

function configOf(name: SiteName, outDir: string): InlineConfig {
  const output: InlineConfig = {
    logLevel: 'warn',
    build: { outDir, emptyOutDir: true, reportCompressedSize: false },
  }
  if (name === 'demo')
    return { ...output, configFile: resolve(import.meta.dirname, '../../../vite.config.ts') }
  return {
    ...output,
    configFile: false,
    root: join(import.meta.dirname, name),
    plugins: [react()],
    resolve: { conditions: ['source', ...defaultClientConditions] },
  }
}
