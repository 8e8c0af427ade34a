import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { extname, join, resolve } from 'node:path'
import { createServer as createViteServer } from 'vite'
import { inject, vi } from 'vitest'
import { ISSUER_PLACEHOLDER, type SiteName } from './build-sites.ts'
import { listenOn, type Site } from './listen-on.ts'

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css',
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.svg': 'image/svg+xml',
}

/**
 * Serves a built site, at an origin of its own.
 *
 * @param issuer the issuer that the site was built for, asked at each request
 */
export async function serveSite(
  name: SiteName,
  issuer: () => string = () => ISSUER_PLACEHOLDER,
): Promise<Site> {
  const folder = join(inject('builtSites'), name)
  return listenOn(async (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost')
    const path = extname(pathname) ? pathname : '/index.html'
    const text = await readFile(join(folder, path), 'utf8').catch(() => undefined)
    const contentType = CONTENT_TYPES[extname(path)] ?? 'text/plain'
    response.writeHead(text === undefined ? 404 : 200, {
      'content-type': contentType,
      'cache-control': path.startsWith('/assets/') ? 'max-age=3600, immutable' : 'no-cache',
    })
    response.end(text?.replaceAll(ISSUER_PLACEHOLDER, issuer()))
  })
}

/** The demo as `npm start` serves it, with React's development build: StrictMode mounts twice. */
export async function serveDemoForDevelopment(issuer: string): Promise<Site> {
  // Vite looks at the environment for as long as it serves.
  vi.stubEnv('NODE_ENV', undefined)
  vi.stubEnv('VITE_TELNYX_ISSUER', issuer)
  vi.stubEnv('VITE_TELNYX_API', `${issuer}/v2`)
  const cacheDir = await mkdtemp(join(tmpdir(), 'telnyx-oauth-journey-'))
  const server = await createViteServer({
    configFile: resolve(import.meta.dirname, '../../../vite.config.ts'),
    logLevel: 'warn',
    cacheDir,
    // Watching, Vite would start over whenever a file that its configuration imports is saved.
    server: { host: '127.0.0.1', port: 0, watch: null },
  })
  await server.listen()
  const [origin] = server.resolvedUrls?.local ?? []
  if (!origin) throw new Error('Vite tells no address.')
  return {
    origin: new URL(origin).origin.replace('127.0.0.1', 'localhost'),
    close: async () => {
      await server.close()
      vi.unstubAllEnvs()
      await rm(cacheDir, { recursive: true, force: true })
    },
  }
}
