import { beforeAll, describe, expect, it } from 'vitest'
import { loadServerApp } from './support/bundle-server-app.ts'
import type { ServerApp } from './support/server-app.tsx'

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
    const html = await app.streamSuspending()
    expect(html).toContain('<i>waiting</i>')
    expect(html).not.toContain('<b>')
  })
})
