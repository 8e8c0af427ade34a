import { mkdtemp, rm } from 'node:fs/promises'
import type { AddressInfo, Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import react from '@vitejs/plugin-react'
import { build, createServer, defaultClientConditions, type InlineConfig, preview } from 'vite'
import { vi } from 'vitest'

/** A web site on this machine. */
export interface Site {
  readonly origin: string
  readonly close: () => Promise<void>
}

const ROOT = resolve(import.meta.dirname, '../../..')
const LISTEN = { host: '127.0.0.1', port: 0 }

const demoConfig: InlineConfig = { configFile: join(ROOT, 'vite.config.ts'), logLevel: 'warn' }

const pageConfig = (folder: string): InlineConfig => ({
  configFile: false,
  root: join(import.meta.dirname, folder),
  logLevel: 'warn',
  plugins: [react()],
  resolve: { conditions: ['source', ...defaultClientConditions] },
})

/** The demo as it would be deployed: built for production, under its own Content Security Policy. */
export function serveDemo(issuer: string): Promise<Site> {
  return serveBuilt(demoConfig, demoEnv(issuer))
}

/** The demo as `npm start` serves it, with React's development build: StrictMode mounts twice. */
export async function serveDemoForDevelopment(issuer: string): Promise<Site> {
  // Vite looks at the environment for as long as it serves.
  stubEnv(demoEnv(issuer))
  const cacheDir = await mkdtemp(join(tmpdir(), 'telnyx-oauth-journey-'))
  // Watching, Vite would start over whenever somebody saves a file that its configuration imports.
  const server = await createServer({ ...demoConfig, cacheDir, server: { ...LISTEN, watch: null } })
  await server.listen()
  return siteOf(server.httpServer, async () => {
    await server.close()
    vi.unstubAllEnvs()
    await rm(cacheDir, { recursive: true, force: true })
  })
}

/** The bare page of `page/`: one client and what it says, for journeys of many tabs and many callers. */
export function serveTabs(): Promise<Site> {
  return serveBuilt(pageConfig('page'))
}

/** The page of `devtools-page/`, built for production: devtools under a strict Content Security Policy. */
export function serveDevtools(): Promise<Site> {
  return serveBuilt(pageConfig('devtools-page'))
}

/** The page of `greeting-page/`: what the documents show, and nothing else. */
export function serveGreeting(issuer: string): Promise<Site> {
  return serveBuilt(pageConfig('greeting-page'), { VITE_TELNYX_ISSUER: issuer })
}

/** The page of `mcp-page/`: an MCP client that signs in by itself. */
export function serveMcpClient(): Promise<Site> {
  return serveBuilt(pageConfig('mcp-page'))
}

async function serveBuilt(config: InlineConfig, env: Variables = {}): Promise<Site> {
  stubEnv(env)
  try {
    const outDir = await mkdtemp(join(tmpdir(), 'telnyx-oauth-journey-'))
    await build({ ...config, build: { outDir, emptyOutDir: true, reportCompressedSize: false } })
    const server = await preview({ ...config, build: { outDir }, preview: LISTEN })
    return siteOf(server.httpServer, async () => {
      await server.close()
      await rm(outDir, { recursive: true, force: true })
    })
  } finally {
    vi.unstubAllEnvs()
  }
}

type Variables = Readonly<Record<string, string>>

// The variables that `demo/.env` names, as a person would set them. With them, no emulator comes along.
const demoEnv = (issuer: string): Variables => ({
  VITE_TELNYX_ISSUER: issuer,
  VITE_TELNYX_API: `${issuer}/v2`,
})

function stubEnv(env: Variables): void {
  // Vitest sets it to `test`, and Vite builds for whatever it says.
  vi.stubEnv('NODE_ENV', undefined)
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value)
}

function siteOf(server: Pick<Server, 'address'> | null, close: () => Promise<void>): Site {
  if (server === null) throw new Error('Vite was told to be a middleware.')
  const { port } = server.address() as AddressInfo
  return { origin: `http://localhost:${port}`, close }
}
