import { describe, expect, test } from 'vitest'
import { sameOriginPath } from '../../../../packages/core/src/model/return-to.ts'

const origin = 'https://app.example'

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
})
