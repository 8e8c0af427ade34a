import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { sameOriginPath } from '../../../../packages/core/src/model/return-to.ts'

const origin = 'https://app.example'

/** Pieces that parsers of URLs have been fooled with. */
const piece = fc.constantFrom(
  ...[
    '/',
    '//',
    '\\',
    '/\\',
    '\t',
    '\n',
    '\r',
    '\0',
    ' ',
    '.',
    '..',
    '%2f',
    '%5c',
    '%2e',
    '@',
    ':',
    '#',
    '?',
  ],
  ...[
    'evil.example',
    'https:',
    'javascript:alert(1)',
    'data:',
    '[::1]',
    '//evil.example',
    '／',
    '。',
    'a',
    '1',
  ],
)
const crafted = fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join(''))

describe('a return path', () => {
  test.each([
    ['/', '/'],
    ['/inbox?a=1&b=2#top', '/inbox?a=1&b=2#top'],
    ['/a/../b', '/b'],
    ['/?next=https://evil.example', '/?next=https://evil.example'],
    ['/%2F%2Fevil.example', '/%2F%2Fevil.example'],
  ])('%j leads to %j', (target, path) => {
    expect(sameOriginPath(target, origin)).toBe(path)
  })

  test.each([
    ['an empty text', ''],
    ['a relative path', 'inbox'],
    ['another origin', 'https://evil.example/'],
    ['this origin in full', `${origin}/inbox`],
    ['two slashes', '//evil.example'],
    ['a slash and a backslash', '/\\evil.example'],
    ['a backslash and a slash', '\\/evil.example'],
    ['a slash, a tab, a slash', '/\t/evil.example'],
    ['a slash, a line feed, a slash', '/\n/evil.example'],
    ['a dot between the slashes', '/.//evil.example'],
    ['two dots between the slashes', '/x/..//evil.example'],
    ['an encoded dot between the slashes', '/%2e//evil.example'],
    ['a script', 'javascript:alert(1)'],
    ['white space in front', ' /inbox'],
  ])('with %s is refused', (_title, target) => {
    expect(sameOriginPath(target, origin)).toBeUndefined()
  })

  test('never leaves the origin, whatever it is made of', () => {
    const lead = fc.oneof(fc.constant(''), fc.constant('/'))
    const target = fc.tuple(lead, fc.oneof(crafted, fc.string())).map((parts) => parts.join(''))
    fc.assert(
      fc.property(target, (text) => {
        const path = sameOriginPath(text, origin)
        if (path === undefined) return true
        // As a link, as a redirect, and once more after somebody has normalised it.
        const isHere = /^\/(?!\/)/.test(path) && new URL(path, origin).origin === origin
        return isHere && sameOriginPath(path, origin) === path
      }),
      { numRuns: 10_000 },
    )
  })
})
