import { describe, expect, it } from 'vitest'
import { destinationInWords, leadsTo, webLink } from '../../../demo/src/pages/consent/redirect-target.ts'

describe('the answer to a consent', () => {
  const said = 'https://app.example/callback'

  it.each([
    ['the address of the app with a code', said, `${said}?code=1`, true],
    ['a scheme of its own', 'com.example.app:/callback', 'com.example.app:/callback?code=1', true],
    ['whatever is on the web, if nothing was said', undefined, said, true],
    ['another origin', said, 'https://app.example.evil/callback?code=1', false],
    ['another path', said, 'https://app.example/open?to=evil&code=1', false],
    ['a downgrade to http', said, 'http://app.example/callback?code=1', false],
    ['a script, if nothing was said', undefined, 'javascript:alert(1)', false],
    ['a script that was said', 'javascript:alert(1)', 'javascript:alert(1)', false],
    ['a document of its own', undefined, 'data:text/html,x', false],
    ['no address', undefined, '/callback', false],
  ])('may lead to %s: %s, %s -> %s', (_what, from, answer, isAllowed) => {
    expect(leadsTo(from, answer)).toBe(isAllowed)
  })
})

describe('an address of an app', () => {
  it.each([
    ['https://app.example/callback', 'https://app.example'],
    ['com.example.app:/callback', 'the app that opens com.example.app:'],
    ['nonsense', 'nonsense'],
  ])('%s is shown as %s', (uri, words) => {
    expect(destinationInWords(uri)).toBe(words)
  })

  it.each([
    ['https://app.example/privacy', 'https://app.example/privacy'],
    ['javascript:alert(1)', undefined],
    ['/privacy', undefined],
    [null, undefined],
    [undefined, undefined],
  ])('%s is clickable as %s', (uri, href) => {
    expect(webLink(uri)).toBe(href)
  })
})
