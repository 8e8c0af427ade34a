import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build, createServer } from 'vite'

const app = `import { sharedWorkerFetch } from '@telnyx-oauth/core/shared-worker'
globalThis.refresh = sharedWorkerFetch()
`

/** Ways in which Vite serves the script of the SharedWorker to an app in `folder`, which has installed core. @returns the script */
export const workerScripts: Readonly<Record<'build' | 'development', (folder: string) => Promise<string>>> = {
  build: async (folder) => {
    writeApp(folder)
    const outDir = mkdtempSync(join(tmpdir(), 'built-'))
    try {
      await build({ configFile: false, root: folder, logLevel: 'warn', build: { outDir, emptyOutDir: true } })
      const assets = readdirSync(join(outDir, 'assets'))
      const texts = new Map(assets.map((name) => [name, readFileSync(join(outDir, 'assets', name), 'utf8')]))
      const named = assets.find((name) =>
        [...texts.values()].some((text) => text.includes(`/assets/${name}`)),
      )
      return texts.get(named ?? '') ?? ''
    } finally {
      rmSync(outDir, { recursive: true, force: true })
    }
  },
  development: async (folder) => {
    writeApp(folder)
    const cacheDir = mkdtempSync(join(tmpdir(), 'cache-'))
    const server = await createServer({
      configFile: false,
      root: folder,
      cacheDir,
      logLevel: 'warn',
      server: { host: '127.0.0.1', port: 0, watch: null },
    })
    try {
      await server.listen()
      const [origin = ''] = server.resolvedUrls?.local ?? []
      const get = async (path: string) => (await fetch(new URL(path, origin))).text()
      const imported = /from "([^"]*shared-worker[^"]*)"/.exec(await get('/app.js'))?.[1] ?? ''
      const script = /new URL\("([^"]*refresh-worker[^"]*)"/.exec(await get(imported))?.[1] ?? ''
      return await get(new URL(script, new URL(imported, origin)).href)
    } finally {
      await server.close()
      rmSync(cacheDir, { recursive: true, force: true })
    }
  },
}

function writeApp(folder: string): void {
  writeFileSync(join(folder, 'index.html'), '<script type="module" src="/app.js"></script>')
  writeFileSync(join(folder, 'app.js'), app)
}
