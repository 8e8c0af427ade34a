// One page per contender, with nothing on it but the contender, and what Auth0's client needs of a server.
import { createServer } from 'node:http'
import { resolve } from 'node:path'
import { build } from 'esbuild'

const ROOT = resolve(import.meta.dirname, '..', '..')

// Isolated from other sites, a page gets a clock of 5 µs instead of 100.
const ISOLATION = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
}

/** @param {readonly string[]} names files of this folder */
async function bundle(names) {
  const { outputFiles } = await build({
    entryPoints: names.map((name) => resolve(import.meta.dirname, `${name}.mjs`)),
    outdir: '/',
    absWorkingDir: ROOT,
    bundle: true,
    minify: true,
    splitting: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    conditions: ['source'],
    define: { 'process.env.NODE_ENV': '"production"' },
    logLevel: 'error',
  })
  return new Map(outputFiles.map(({ path, contents }) => [path, contents]))
}

const pageOf = (
  name,
  settings,
) => `<!doctype html><meta charset="utf-8"><title>${name}</title><link rel="icon" href="data:,">
<script>globalThis.bench = ${JSON.stringify(settings)}</script>
<script type="module" src="/${name}.js"></script>`

/**
 * Serves `/{name}/` and `/{name}/callback`.
 *
 * @param {readonly string[]} names files of this folder, one per page
 * @param {string} issuer
 * @param {string} clientId
 */
export async function serveSite(names, issuer, clientId) {
  const files = await bundle(names)
  let origin = ''
  const server = createServer(async (request, response) => {
    const { pathname, search } = new URL(request.url, origin)
    const script = files.get(pathname)
    const name = pathname.split('/')[1]
    if (script) {
      response
        .writeHead(200, {
          'content-type': 'text/javascript',
          'cache-control': 'max-age=3600, immutable',
          ...ISOLATION,
        })
        .end(script)
    } else if (names.includes(name)) {
      const page = pageOf(name, { issuer, clientId, redirectUri: `${origin}/${name}/callback` })
      response.writeHead(200, { 'content-type': 'text/html', ...ISOLATION }).end(page)
    } else if (pathname === '/authorize') {
      response.writeHead(302, { location: asForTelnyx(`${issuer}/v2/oauth/authorize${search}`) }).end()
    } else if (pathname === '/oauth/token') {
      await passOn(request, response, issuer, origin)
    } else {
      response.writeHead(404).end()
    }
  })
  await new Promise((done) => server.listen(0, '127.0.0.1', done))
  origin = `http://localhost:${server.address().port}`
  return {
    origin,
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}

// Auth0's client always asks for `openid`, and wants the nonce that it sends in an ID token.
const nonces = new Map()

function asForTelnyx(href) {
  const url = new URL(href)
  const { searchParams } = url
  nonces.set(searchParams.get('code_challenge'), searchParams.get('nonce'))
  searchParams.set('scope', 'billing.read')
  for (const name of ['nonce', 'auth0Client', 'response_mode']) searchParams.delete(name)
  return url.href
}

async function passOn(request, response, issuer, origin) {
  const chunks = []
  for await (const chunk of request) chunks.push(chunk)
  const body = new URLSearchParams(Buffer.concat(chunks).toString())
  const nonce = nonces.get(await challengeOf(body.get('code_verifier')))
  const answer = await fetch(`${issuer}/v2/oauth/token`, { method: 'POST', body })
  const tokens = await answer.json()
  if (answer.ok) tokens.id_token = idToken(`${origin}/`, body.get('client_id'), nonce)
  response.writeHead(answer.status, { 'content-type': 'application/json', ...ISOLATION })
  response.end(JSON.stringify(tokens))
}

async function challengeOf(verifier) {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier ?? ''))
  return Buffer.from(digest).toString('base64url')
}

/** Its signature is not looked at: it comes from the token endpoint itself. */
function idToken(iss, aud, nonce) {
  const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const iat = Math.floor(Date.now() / 1000)
  return [{ alg: 'RS256', typ: 'JWT' }, { iss, aud, nonce, sub: 'ava', iat, exp: iat + 31_536_000 }, 'none']
    .map(part)
    .join('.')
}
