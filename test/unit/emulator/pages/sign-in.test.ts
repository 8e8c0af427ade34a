import { describe, expect, test } from 'vitest'
import { authorizeInBrowser, authorizeUrl, signInToEmulator } from '../../../support/emulator-sign-in.ts'
import { createNavigator } from '../../../support/navigate.ts'
import { startEmulator } from '../../../support/start-emulator.ts'

describe('signing in', () => {
  test('a person who allows gets a code, and the code buys tokens', async () => {
    const emulator = await startEmulator()
    const tokens = await signInToEmulator(emulator.issuer)
    expect(tokens).toMatchObject({ token_type: 'bearer', expires_in: 1800, scope: 'billing.read' })
    expect(tokens.refresh_token).toEqual(expect.any(String))
    expect(emulator.requests({ endpoint: 'token' })).toMatchObject([
      { grant: 'authorization_code', status: 200, clientId: 'telnyx-demo' },
    ])
  })

  test('a person who denies sends the app access_denied', async () => {
    const emulator = await startEmulator()
    const { callbackUrl, state } = await authorizeInBrowser(emulator.issuer, { decision: 'deny' })
    expect(Object.fromEntries(callbackUrl.searchParams)).toMatchObject({ error: 'access_denied', state })
    expect(emulator.requests({ endpoint: 'token' })).toEqual([])
  })

  test('the page names the app, the scopes in words, and the people, the first one preselected', async () => {
    const emulator = await startEmulator()
    const { url } = await authorizeUrl(emulator.issuer, { scope: 'billing.read messaging.write' })
    const { text } = await createNavigator().follow(url)
    expect(text).toContain('Telnyx OAuth console wants to use your Telnyx account')
    expect(text).toContain('See your balance, invoices and charges')
    expect(text).toContain('Send messages and change messaging profiles')
    for (const { name } of emulator.accounts) expect(text).toContain(name)
    expect(text.match(/type="radio"[^>]*checked/g)).toHaveLength(1)
    expect(text).toMatch(new RegExp(`value="${emulator.accounts[0]?.id}" checked`))
  })

  test('the page forbids scripts, frames and every style but its own, and lets the form lead to the app', async () => {
    const emulator = await startEmulator()
    const { url } = await authorizeUrl(emulator.issuer)
    const { headers } = await createNavigator().follow(url)
    const policy = String(headers['content-security-policy'])
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).toContain("form-action 'self' http://localhost:5173")
    expect(policy).not.toContain('unsafe')
  })

  test('names from outside cannot become markup', async () => {
    const name = '<img src=x onerror=alert(1)>"\'&'
    const emulator = await startEmulator({
      clients: [{ clientId: 'evil', name, redirectUris: ['http://localhost:5173/callback'] }],
    })
    const { url } = await authorizeUrl(emulator.issuer, { clientId: 'evil' })
    const { text } = await createNavigator().follow(url)
    expect(text).not.toContain('<img src=x')
    expect(text).toContain('&lt;img src=x onerror=alert(1)&gt;&quot;&#39;&amp;')
  })

  test('login_hint preselects a person', async () => {
    const emulator = await startEmulator()
    const { url } = await authorizeUrl(emulator.issuer, { params: { login_hint: 'sam@parcelbird.example' } })
    const { text } = await createNavigator().follow(url)
    expect(text).toMatch(new RegExp(`value="${emulator.accounts[2]?.id}" checked`))
  })

  test('another browser cannot answer for the person', async () => {
    const emulator = await startEmulator()
    const { url } = await authorizeUrl(emulator.issuer)
    const page = await createNavigator().follow(url)
    const answered = await createNavigator().post(page.url, {
      account: emulator.accounts[0]?.id ?? '',
      decision: 'allow',
    })
    expect(answered.status).toBe(400)
    expect(emulator.grants).toEqual([])
  })

  test('an answer can be given once', async () => {
    const emulator = await startEmulator()
    const navigator = createNavigator()
    const { url } = await authorizeUrl(emulator.issuer)
    const page = await navigator.follow(url)
    const form = { account: emulator.accounts[0]?.id ?? '', decision: 'allow' }
    await navigator.follow((await navigator.post(page.url, form)).location ?? '')
    expect((await navigator.post(page.url, form)).status).toBe(400)
  })

  test('a double click on Allow leaves one grant, and the code of it works', async () => {
    const emulator = await startEmulator()
    const navigator = createNavigator()
    const page = await navigator.follow((await authorizeUrl(emulator.issuer)).url)
    const form = { account: emulator.accounts[0]?.id ?? '', decision: 'allow' }
    const clicks = await Promise.all([navigator.post(page.url, form), navigator.post(page.url, form)])
    expect(clicks.map(({ location }) => location)).toEqual([clicks[0]?.location, clicks[0]?.location])
    const { location } = await navigator.follow(clicks[1]?.location ?? '')
    expect(new URL(location ?? '').searchParams.has('code')).toBe(true)
    expect(emulator.grants).toHaveLength(1)
  })

  test('the redirect carries iss only when asked to, and the metadata says so', async () => {
    const plain = await startEmulator()
    const spoken = await startEmulator({ issRedirectParameter: true })
    for (const decision of ['allow', 'deny'] as const) {
      const without = await authorizeInBrowser(plain.issuer, { decision })
      expect(without.callbackUrl.searchParams.has('iss')).toBe(false)
      const withIss = await authorizeInBrowser(spoken.issuer, { decision })
      expect(withIss.callbackUrl.searchParams.get('iss')).toBe(spoken.issuer)
    }
  })
})

describe('the next sign-in', () => {
  test('asks again, as if nobody had ever been there', async () => {
    const emulator = await startEmulator()
    const navigator = createNavigator()
    const [ava, noor] = emulator.accounts
    await authorizeInBrowser(emulator.issuer, { navigator, accountId: noor?.id ?? '' })
    const { url } = await authorizeUrl(emulator.issuer)
    const { text } = await navigator.follow(url)
    expect(text).toContain('wants to use your Telnyx account')
    expect(text).toMatch(new RegExp(`value="${ava?.id}" checked`))
  })

  test('is silent when the person is remembered', async () => {
    const emulator = await startEmulator({ rememberSignIn: true })
    const navigator = createNavigator()
    await authorizeInBrowser(emulator.issuer, { navigator })
    const { url } = await authorizeUrl(emulator.issuer)
    const { location } = await navigator.follow(url)
    expect(new URL(location ?? '').searchParams.get('code')).toEqual(expect.any(String))
  })

  test('may be as another person, although one is remembered', async () => {
    const emulator = await startEmulator({ rememberSignIn: true })
    const navigator = createNavigator()
    const [ava, noor] = emulator.accounts
    await signInToEmulator(emulator.issuer, { navigator, accountId: ava?.id ?? '' })
    await signInToEmulator(emulator.issuer, {
      navigator,
      accountId: noor?.id ?? '',
      params: { prompt: 'login' },
    })
    expect(emulator.grants.map(({ accountId }) => accountId)).toEqual([ava?.id, noor?.id])
  })

  test('with prompt=none is refused while nobody is remembered', async () => {
    const emulator = await startEmulator()
    const { url } = await authorizeUrl(emulator.issuer, { params: { prompt: 'none' } })
    const { location } = await createNavigator().follow(url)
    expect(new URL(location ?? '').searchParams.get('error')).toBe('login_required')
  })
})
