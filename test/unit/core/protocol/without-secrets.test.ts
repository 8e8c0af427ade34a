import { describe, expect, test } from 'vitest'
import { withoutSecrets } from '../../../../packages/core/src/protocol/without-secrets.ts'

const secret = 'rt/9+x_Kq="7\\~1A0b2C3d4'
const base64 = (text: string) => Buffer.from(text).toString('base64')
const base64url = (text: string) => Buffer.from(text).toString('base64url')

describe('a text of the server that holds a token', () => {
  test('as it is, is told without it', () => {
    expect(withoutSecrets(`no ${secret} here`, [secret])).toBe('no … here')
  })

  test.each([
    ['percent-encoded', encodeURIComponent(secret)],
    ['percent-encoded in lower case', encodeURIComponent(secret).toLowerCase().replace('kq', 'Kq')],
    ['as in a form', String(new URLSearchParams({ refresh_token: secret }))],
    ['escaped as in JSON', JSON.stringify({ refresh_token: secret })],
    ['escaped as in JSON, character by character', secret.replace('/', '\\u002f').replace('\\~', '\\\\~')],
    ['in base64', base64(secret)],
    ['in base64url', base64url(secret)],
    ['in base64url, after one character', base64url(`=${secret}`)],
    ['in base64url, between others', base64url(`token=${secret}&client_id=x`)],
    ['in base64 that is percent-encoded', encodeURIComponent(base64(`${secret}.`))],
  ])('%s, is not told', (_title, echo) => {
    // Lower case would change the token itself, not only the digits of its encoding.
    const text = echo.includes('%2f9') ? echo.replace('1a0b2c3d4', '1A0b2C3d4') : echo
    expect(withoutSecrets(`no ${text} here`, [secret, ''])).toBe('…')
  })

  test.each([
    ['100 % of it %zz \\u12 \\', [secret]],
    ['dG9rZW4 is not it', [secret]],
    ['a short code', ['x', '']],
  ])('%j holds none, and is told', (text, secrets) => {
    expect(withoutSecrets(text, secrets)).toBe(text)
  })
})
