import { describe, expect, it } from 'vitest'
import { readTabMessage } from '../../../demo/src/tabs/tab-news.ts'

const tab = { id: 'a', path: '/', isVisible: true, openedAtMs: 1, renewedAtMs: null }

describe('a message of another tab', () => {
  it.each([
    { type: 'who-is-there' },
    { type: 'gone', id: 'a' },
    { type: 'here', tab },
    { type: 'here', tab: { ...tab, renewedAtMs: 2 } },
  ])('is read: %j', (message) => {
    expect(readTabMessage(message)).toEqual(message)
  })

  it('loses what it should not hold', () => {
    expect(readTabMessage({ type: 'here', tab: { ...tab, token: 'secret' } })).toEqual({ type: 'here', tab })
  })

  it.each([
    undefined,
    null,
    'here',
    {},
    { type: 'here' },
    { type: 'gone' },
    { type: 'here', tab: { ...tab, path: undefined } },
    { type: 'here', tab: { ...tab, renewedAtMs: 'now' } },
  ])('is ignored if it makes no sense: %j', (message) => {
    expect(readTabMessage(message)).toBeUndefined()
  })
})
