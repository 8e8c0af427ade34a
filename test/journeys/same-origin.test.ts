import { join } from 'node:path'
import { telnyxOAuthEmulator } from '@telnyx-oauth/emulator/vite'
import { createServer } from 'vite'
import { expect, inject, onTestFinished, vi } from 'vitest'
import { createUser } from './support/browser-user.ts'
import { test } from './support/fixtures.ts'
import { openSignedIn } from './support/tab-pages.ts'

/** The bare page on a dev server, with the emulator on its path `/telnyx`. @returns the origin of both */
async function serveSameOrigin(): Promise<string> {
  vi.stubEnv('VITEST', undefined)
  onTestFinished(() => void vi.unstubAllEnvs())
  const server = await createServer({
    configFile: false,
    // As built: a dev server that is cold would transform a hundred files of the sources first.
    root: join(inject('builtSites'), 'tab-page'),
    logLevel: 'error',
    server: { host: '127.0.0.1', port: 0, watch: null },
    optimizeDeps: { noDiscovery: true },
    plugins: [
      telnyxOAuthEmulator({ path: '/telnyx', rememberSignIn: true }),
      // The client of the dev server opens a web socket, which the page's own policy forbids.
      { name: 'no-policy', transformIndexHtml: (html) => html.replace(/<meta http-equiv[^>]*>/, '') },
    ],
  })
  onTestFinished(() => server.close())
  await server.listen()
  return new URL(server.resolvedUrls?.local[0] ?? '').origin.replace('127.0.0.1', 'localhost')
}

test('on one origin the user signs in, and by default the token goes to the path of the emulator alone', async ({
  browser,
}) => {
  const origin = await serveSameOrigin()
  const user = await createUser(browser, origin)
  await user.context.addInitScript((issuer) => {
    globalThis.tabOptions = { issuer }
  }, `${origin}/telnyx`)
  const page = await openSignedIn(user)
  expect(new URL(page.url()).origin).toBe(origin)
  expect(await page.evaluate(() => tab.call(1))).toEqual([200])
  for (const path of ['/../orders', '-app/orders', '/../v2/balance'])
    expect([path, await page.evaluate((beside) => tab.call(1, beside), path)]).toEqual([
      path,
      ['resource_not_allowed'],
    ])
  const cookies = await user.context.cookies()
  expect(new Set(cookies.map(({ path }) => path.split('/')[1]))).toEqual(new Set(['telnyx']))
  await user.leave()
})
