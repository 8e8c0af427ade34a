import { describe, expect, test } from 'vitest'
import { json } from '../../../support/model-server.ts'
import { answering, diagnosed, hanging, hiding, losing } from './support/diagnosis.ts'
import { testCases } from './test-cases.ts'

const api = 'https://api.telnyx.com/v2/phone_numbers'
const path = '/v2/phone_numbers'
const isApi = (url: string) => url.endsWith(path)
const ask = { urls: [api] }
const challenge = { 'www-authenticate': 'Bearer error="invalid_token"' }

describe('the API', () => {
  testCases(
    'resource',
    [
      [
        'is ok when it refuses a made-up token, and the page can read that',
        {},
        'ok',
        /phone_numbers\) takes an Authorization header from this page/,
      ],
      [
        'is a problem of its preflights when only a request without the header gets through',
        { wire: hiding((url, init) => isApi(url) && new Headers(init.headers).has('authorization')) },
        'problem',
        /lets this page read its answers, but not send it the header Authorization\./,
      ],
      [
        'is a problem of its preflights when only a request without a proof gets through',
        {
          server: { dpop: true },
          isTimeless: true,
          wire: hiding((url, init) => isApi(url) && new Headers(init.headers).has('dpop')),
        },
        'problem',
        /lets this page read its answers, but not send it the header DPoP\./,
      ],
      [
        'is a problem of CORS when only a blind request gets through',
        { wire: hiding(isApi) },
        'problem',
        /phone_numbers\) is there, but sends no CORS headers/,
      ],
      ['is a problem when nobody is there', { wire: losing(isApi) }, 'problem', /cannot be reached/],
      ['is a warning when it hangs', { wire: hanging(isApi) }, 'warning', /did not answer within 5 seconds/],
      [
        'is a warning when it is busy',
        { wire: answering(path, () => json({}, 503)) },
        'warning',
        /status 503 now/,
      ],
      [
        'is a problem when it redirects',
        { wire: answering(path, () => new Response(null, { status: 302 })) },
        'problem',
        /answers with a redirect/,
      ],
      [
        'is a problem when fetch would send it no token, and is not asked then',
        { ask: { urls: ['https://evil.example/x'] } },
        'problem',
        /^fetch sends no token to https:\/\/evil\.example\/x\.$/,
      ],
      [
        'is a problem when it is no URL',
        { ask: { urls: ['balance'] } },
        'problem',
        /what is no absolute URL/,
      ],
    ],
    { ask },
  )

  test('is, unless URLs are named, every allowed resource', async () => {
    const allowedUrls = ['https://api.telnyx.com/v2', 'https://api.telnyx.com/v3']
    const { of } = await diagnosed({ ask: {}, options: { allowedUrls } })
    expect(of('resource').map(({ sentence }) => /\((.*)\)/.exec(sentence)?.[1])).toEqual(allowedUrls)
  })

  test('is shown without the query and the fragment of its URL', async () => {
    const { findings } = await diagnosed({ ask: { urls: [`${api}?key=SENTINEL#SENTINEL`] } })
    expect(JSON.stringify(findings)).not.toContain('SENTINEL')
  })

  test('outside the allow-list is not asked', async () => {
    const { scene } = await diagnosed({ ask: { urls: ['https://evil.example/x'] } })
    expect(scene.server.requests.map(({ path: asked }) => asked)).not.toContain('/x')
  })
})

describe('the challenge of the API', () => {
  testCases(
    'challenge',
    [
      ['is ok when the page can read it', {}, 'ok', /says why it refuses a token/],
      [
        'is a warning when a 401 shows none',
        { wire: answering(path, () => json({}, 401)) },
        'warning',
        /does not let this page read WWW-Authenticate, or sends none/,
      ],
      [
        'is a warning when a 401 of the page itself has none',
        { url: 'https://api.telnyx.com/app', wire: answering(path, () => json({}, 401)) },
        'warning',
        /sends no WWW-Authenticate with status 401/,
      ],
      [
        'is ok with any status that carries it',
        { wire: answering(path, () => json({}, 403, challenge)) },
        'ok',
        /this page can read it/,
      ],
      [
        'is unknown when the answer is no 401',
        { wire: answering(path, () => json({}, 404)) },
        'unknown',
        /answered 404, not 401/,
      ],
      [
        'is unknown when the answer cannot be read',
        { wire: hiding(isApi) },
        'unknown',
        /cannot be determined/,
      ],
    ],
    { ask },
  )
})

describe('Retry-After', () => {
  testCases(
    'retry-after',
    [
      [
        'is ok when the page read one',
        { wire: answering(path, () => json({}, 429, { 'retry-after': '3' })) },
        'ok',
        /can read Retry-After/,
      ],
      [
        'is unknown as long as no server sends one',
        {},
        'unknown',
        /cannot be determined before a server sends it/,
      ],
    ],
    { ask },
  )

  test('is ok when every server is on the origin of the page', async () => {
    const own = (response: Response, url: string) => Object.defineProperty(response, 'url', { value: url })
    const { one } = await diagnosed({
      url: 'https://api.telnyx.com/app',
      wire: async ({ url }, pass) => own(await pass(), url),
    })
    expect(one('retry-after')).toMatchObject({
      result: 'ok',
      sentence: expect.stringContaining('its own origin'),
    })
  })
})

describe('DPoP-Nonce', () => {
  const server = { dpop: true }
  testCases(
    'dpop-nonce',
    [
      [
        'is ok when the page read one',
        { server, isTimeless: true, wire: answering(path, () => json({}, 401, { 'dpop-nonce': 'n' })) },
        'ok',
        /can read DPoP-Nonce/,
      ],
      [
        'is unknown as long as no server sends one',
        { server, isTimeless: true },
        'unknown',
        /cannot be determined before a server sends it/,
      ],
    ],
    { ask },
  )

  test('is not looked at where the server has no DPoP', async () => {
    expect((await diagnosed({})).of('dpop-nonce')).toEqual([])
  })
})
