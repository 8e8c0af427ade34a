import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { beforeAll, describe, expect, it } from 'vitest'
import { ROOT } from '../../support/source-files.ts'
import type { ServerApp } from './support/server-app.tsx'

const reactFolders = { '18': 'react-18/node_modules', '19': 'node_modules' } as const

/** Loads the server's app with a React of that major version, from the sources of this repository. */
async function loadServerApp(major: keyof typeof reactFolders): Promise<ServerApp> {
  const folder = await mkdtemp(join(tmpdir(), 'telnyx-oauth-server-app-'))
  const outfile = join(folder, 'server-app.mjs')
  try {
    await build({
      entryPoints: [join(import.meta.dirname, 'support/server-app.tsx')],
      outfile,
      bundle: true,
      format: 'esm',
      platform: 'node',
      target: 'node20',
      conditions: ['source'],
      jsx: 'automatic',
      alias: {
        react: resolve(ROOT, reactFolders[major], 'react'),
        'react-dom': resolve(ROOT, reactFolders[major], 'react-dom'),
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

describe.each(['18', '19'] as const)('on a server with React %s', (major) => {
  let app: ServerApp
  beforeAll(async () => {
    app = await loadServerApp(major)
  })

  it('the library is imported where there is no window', () => {
    expect(app.reactVersion).toMatch(new RegExp(`^${major}\\.`))
    expect([typeof window, typeof document, typeof indexedDB]).toEqual([
      'undefined',
      'undefined',
      'undefined',
    ])
  })

  it.each(['renderWithClient', 'renderWithOptions'] as const)(
    '%s gives pending, and nobody is in or out',
    (render) => {
      expect(app[render]()).toBe('<main><h1>pending</h1><p>undefined 0 function</p><i>waiting</i></main>')
    },
  )

  it('a component that suspends for its token is rendered as the fallback', () => {
    expect(app.renderSuspending()).toContain('<i>waiting</i>')
  })

  it('a stream ends with the fallback instead of waiting for a sign-in', async () => {
    const { html, errors } = await app.streamSuspending()
    expect(html).toContain('<i>waiting</i>')
    expect(html).not.toContain('<b>')
    expect(errors).toEqual([expect.stringContaining('there is no session on a server')])
  })

  it('a component that suspends starts no client, which would keep the process alive', async () => {
    const ports = () => process.getActiveResourcesInfo().filter((name) => name === 'MessagePort').length
    const before = ports()
    for (let times = 0; times < 20; times += 1) {
      app.renderSuspending()
      await app.streamSuspending()
    }
    expect(ports()).toBe(before)
  })
})
