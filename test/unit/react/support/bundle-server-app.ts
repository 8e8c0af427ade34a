import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import type { ServerApp } from './server-app.tsx'

const reactFolders = { '18': 'react-18/node_modules', '19': 'node_modules' } as const

/** Loads the server's app with a React of that major version, from the sources of this repository. */
export async function loadServerApp(major: keyof typeof reactFolders): Promise<ServerApp> {
  const root = resolve(import.meta.dirname, '../../../..')
  const folder = await mkdtemp(join(tmpdir(), 'telnyx-oauth-server-app-'))
  const outfile = join(folder, 'server-app.mjs')
  try {
    await build({
      entryPoints: [join(import.meta.dirname, 'server-app.tsx')],
      outfile,
      bundle: true,
      format: 'esm',
      platform: 'node',
      target: 'node20',
      conditions: ['source'],
      jsx: 'automatic',
      alias: {
        react: resolve(root, reactFolders[major], 'react'),
        'react-dom': resolve(root, reactFolders[major], 'react-dom'),
      },
      // React's CommonJS asks for Node's own modules with `require`.
      banner: {
        js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url)",
      },
      define: { 'process.env.NODE_ENV': '"development"' },
      logLevel: 'silent',
    })
    const { serverApp } = await import(pathToFileURL(outfile).href)
    return serverApp
  } finally {
    await rm(folder, { recursive: true })
  }
}
