import { describe, expect, test } from 'vitest'
import { isSecureUrl, prefixesOf } from '../../../../packages/core/src/model/urls.ts'
import { fc } from '../../../support/fast-check.ts'

const allows = (resource: string, url: string): boolean =>
  prefixesOf(new URL(url), [new URL(resource)]).length > 0

describe('a secure URL', () => {
  test.each([
    'https://a.example',
    'http://localhost:1',
    'http://127.0.0.1',
    'http://127.9.9.9',
    'http://[::1]:80',
  ])('%s is one', (url) => {
    expect(isSecureUrl(new URL(url))).toBe(true)
  })

  test.each([
    'http://a.example',
    'http://localhost.evil.example',
    'http://127.0.0.1.evil.example',
    'http://192.168.0.1',
    'http://0.0.0.0',
    'ftp://localhost',
    'javascript:alert(1)',
    'blob:https://a.example/1',
  ])('%s is none', (url) => {
    expect(isSecureUrl(new URL(url))).toBe(false)
  })
})

describe('the allow-list', () => {
  test.each([
    ['https://api.example', 'https://api.example/anything?x#y'],
    ['https://api.example/', 'https://api.example/v2'],
    ['https://api.example/v2', 'https://api.example/v2'],
    ['https://api.example/v2', 'https://api.example/v2/x'],
    ['https://api.example/v2/', 'https://api.example/v2'],
    ['https://api.example/v2/', 'https://api.example/v2/x'],
    ['https://api.example/v2', 'https://api.example:443/v2/../v2/x'],
    ['http://localhost:4000', 'http://localhost:4000/x'],
    ['https://api.example', 'https://api.example/v2/..%2fv1'],
    ['https://api.example/v2', 'https://api.example/v2/a..b;c/x%2fy/...'],
  ])('entry %s covers %s', (resource, url) => {
    expect(allows(resource, url)).toBe(true)
  })

  test.each([
    ['https://api.example/v2', 'https://api.example/v2evil'],
    ['https://api.example/v2', 'https://api.example/v2/../v1'],
    ['https://api.example/v2', 'https://api.example/v2/%2e%2e/v1'],
    ['https://api.example/v2', 'https://api.example/v2/..\\v1'],
    ['https://api.example/v2', 'https://api.example/V2/x'],
    ...[
      '..%2fv1',
      '..%2F',
      '..%5cv1',
      '..%5C',
      '..;/v1',
      '..;x=1/v1',
      '..%3b/v1',
      'x%2f..',
      'x%2f..%2fv1',
    ].map((path) => ['https://api.example/v2', `https://api.example/v2/${path}`]),
    ...['..%252fv1', '..%25252Fv1', '%2e%2e%2fv1', '.%2e%5cv1', '%252e%252e/v1', '..%00/v1'].map((path) => [
      'https://api.example/v2',
      `https://api.example/v2/${path}`,
    ]),
    ['https://api.example', 'http://api.example/'],
    ['https://api.example', 'https://api.example:8443/'],
    ['https://api.example', 'https://api.example.evil.example/'],
    ['https://api.example', 'https://evil.example/https://api.example'],
    ['https://api.example', 'https://user@api.example/'],
    ['https://api.example', 'https://:secret@api.example/'],
    ['https://api.example', 'https://api.example@evil.example/'],
    ['https://api.example', 'blob:https://api.example/1'],
    ['http://plain.example', 'http://plain.example/'],
  ])('entry %s does not cover %s', (resource, url) => {
    expect(allows(resource, url)).toBe(false)
  })

  test('covers nothing but its origin and what is below its path, whatever the path', () => {
    const segment = fc.constantFrom('v2', 'v2evil', 'v', '..', '.', '%2e%2e', '%2f', '', 'a\\b', '\t..')
    const path = fc.array(segment, { maxLength: 5 }).map((segments) => `/${segments.join('/')}`)
    fc.assert(
      fc.property(path, path, (entry, below) => {
        const resource = new URL(`https://api.example${entry}`)
        const url = new URL(`https://api.example${below}`)
        const wanted = resource.pathname.replace(/\/+$/, '').split('/')
        const isBelow = wanted.every((part, at) => url.pathname.split('/')[at] === part)
        return (prefixesOf(url, [resource])[0] === resource) === isBelow
      }),
      { numRuns: 5000 },
    )
  })
})
