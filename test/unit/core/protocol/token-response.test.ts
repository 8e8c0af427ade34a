import { describe, expect, test } from 'vitest'
import { exchangeCode, refreshGrant } from '../../../../packages/core/src/protocol/tokens.ts'
import type { Transport } from '../../../../packages/core/src/protocol/transport.ts'
import { json } from '../../../support/model-server.ts'

const issuer = 'https://as.example'
const metadata = { issuer, token_endpoint: `${issuer}/token` }
const usual = { access_token: 'a', token_type: 'Bearer', expires_in: 1800, refresh_token: 'r', scope: 's' }

type Members = Readonly<Record<string, unknown>>

const transportTo = (response: Response, proves?: Transport['proves']): Transport => ({
  clientId: 'app',
  fetch: async () => response,
  ...(proves && { proves }),
})

const refreshed = (members: Members, proves?: Transport['proves']) =>
  refreshGrant(transportTo(json({ ...usual, ...members }), proves), metadata, 'old', {})

const exchanged = (members: Members) =>
  exchangeCode(transportTo(json({ ...usual, ...members })), metadata, 'c', {
    redirectUri: '/',
    verifier: 'v',
  })

describe('a token response', () => {
  test('brings what it says', async () => {
    expect(await refreshed({ refresh_token_expires_in: 86_400 })).toEqual({
      accessToken: 'a',
      problem: undefined,
      tokenType: undefined,
      expiresInSeconds: 1800,
      refreshToken: 'r',
      refreshTokenExpiresInSeconds: 86_400,
      scope: 's',
      claims: undefined,
    })
  })

  test.each([
    ['expires_in', [null, '', 0, -1, 'soon', true, [60], {}], 'expiresInSeconds'],
    ['refresh_token', [null, '', ' ', 7, {}], 'refreshToken'],
    ['refresh_token_expires_in', [null, '', 0, -1, 'soon'], 'refreshTokenExpiresInSeconds'],
    ['scope', [null, '', ' ', [], 7, ['a', 7], {}], 'scope'],
    ['id_token', [null, '', 'x', 7, {}], 'claims'],
  ] as const)('whose %s is odd lacks that, and keeps the rest', async (member, values, name) => {
    const { [name]: _, ...rest } = await refreshed({})
    for (const value of values) {
      const { [name]: odd, ...others } = await refreshed({ [member]: value })
      expect(odd, String(value)).toBeUndefined()
      expect(others).toEqual(rest)
    }
  })

  test.each([null, '', undefined, 'bearer', 'BEARER', 'Bearer ', ' Bearer'])(
    'of the type %j is a bearer token',
    async (token_type) => {
      expect(await refreshed({ token_type })).toMatchObject({ accessToken: 'a', tokenType: undefined })
    },
  )

  test.each([
    ['lifetime', { expires_in: '3600' }, { expiresInSeconds: 3600 }],
    ['list of scopes', { scope: ['a', 'b'] }, { scope: 'a b' }],
    ['end of the refresh token (Keycloak)', { refresh_expires_in: 60 }, { refreshTokenExpiresInSeconds: 60 }],
    ['extra that is unknown', { extra: { deep: [1] } }, { accessToken: 'a', refreshToken: 'r' }],
  ])('with a %s of another form is understood', async (_title, members, parsed) => {
    expect(await refreshed(members)).toMatchObject(parsed)
  })

  test.each(['text/plain', 'application/octet-stream', 'application/jwt', ''])(
    'with the content type %j counts as well',
    async (type) => {
      const response = new Response(JSON.stringify(usual), { status: 201, headers: { 'content-type': type } })
      const { accessToken } = await refreshGrant(transportTo(response), metadata, 'old', {})
      expect(accessToken).toBe('a')
    },
  )

  test.each([
    ['no access token', { access_token: undefined }, 'access_token'],
    ['an access token that is no text', { access_token: 7 }, 'access_token'],
    ['an access token that no header can carry', { access_token: 'a\r\nx: 1' }, 'access_token'],
    ['an unknown type', { token_type: 'mac' }, 'token_type'],
    ['a type that is no text', { token_type: ['Bearer'] }, 'token_type'],
    ['a type that needs a key this client does not have', { token_type: 'DPoP' }, 'token_type'],
  ])('with %s keeps the new refresh token, and is no sign-in', async (_title, members, problem) => {
    expect(await refreshed(members)).toMatchObject({ accessToken: undefined, problem, refreshToken: 'r' })
    const error = { code: 'response_invalid', message: expect.stringContaining(problem) }
    await expect(exchanged(members)).rejects.toMatchObject(error)
    await expect(refreshed({ ...members, refresh_token: null })).rejects.toMatchObject(error)
  })

  test.each([
    ['may', 'dpop', 'DPoP', undefined],
    ['may', 'Bearer', undefined, undefined],
    ['must', 'DPoP ', 'DPoP', undefined],
    ['must', 'Bearer', undefined, 'token_type'],
    ['must', null, undefined, 'token_type'],
  ] as const)(
    'to a client whose tokens %s be bound, of the type %j',
    async (proves, type, tokenType, problem) => {
      expect(await refreshed({ token_type: type }, proves)).toMatchObject({ tokenType, problem })
    },
  )
})
