import type { OAuthGrant, Page } from '@telnyx-oauth/api'
import { describe, expect, it } from 'vitest'
import { areasInWords, lastUseInWords, sessionFate } from '../../../demo/src/pages/apps/grant-words.ts'
import { addressOfPage, readPageNumber } from '../../../demo/src/pages/apps/page-number.ts'

const grant: OAuthGrant = {
  id: '5eeded00-0000-4000-8000-000000000001',
  record_type: 'oauth_grant',
  client_id: 'mine',
  scopes: [],
  created_at: '2026-11-01T08:00:00Z',
}

describe('what a grant is for', () => {
  it.each([
    [[], ''],
    [['billing.read'], 'Billing'],
    [['messaging.read', 'messaging.write', 'voice.read'], 'Messaging and Voice'],
    [['ai.read', 'fax.read', 'video.read', 'voice.read'], 'AI, Fax, Video and Voice'],
    [['ai.read', 'fax.read', 'video.read', 'voice.read', 'speech.read'], 'AI, Fax, Video and 2 more'],
  ])('of %j is %j', (scopes, words) => {
    expect(areasInWords(scopes)).toBe(words)
  })
})

describe('the last use of a grant', () => {
  const nowMs = Date.parse('2026-11-20T12:00:00Z')

  it.each([
    [null, 'Never'],
    ['2026-11-20T11:30:00Z', '30 minutes ago'],
    ['2026-11-19T13:00:00Z', '23 hours ago'],
    ['2026-11-03T13:00:00Z', '3 Nov 2026'],
  ])('at %s reads %j', (last_used_at, words) => {
    expect(lastUseInWords({ ...grant, last_used_at }, nowMs)).toBe(words)
  })
})

describe('the session of this page, when a grant is revoked', () => {
  const other = { ...grant, id: 'other' }

  it.each<[string, Page<OAuthGrant>, string, string]>([
    ['stays if the grant is of another client', { data: [grant], meta: { total_pages: 1 } }, 'else', 'stays'],
    ['ends if the client has no other grant', { data: [grant], meta: { total_pages: 1 } }, 'mine', 'ends'],
    ['may end if there are two', { data: [grant, other], meta: { total_pages: 1 } }, 'mine', 'may-end'],
    ['may end if there are more pages', { data: [grant], meta: { total_pages: 2 } }, 'mine', 'may-end'],
    ['may end if nobody says how many', { data: [grant] }, 'mine', 'may-end'],
  ])('%s', (_title, shown, ownClientId, fate) => {
    expect(sessionFate(grant, shown, ownClientId)).toBe(fate)
  })
})

describe('the page of the list', () => {
  it.each([
    ['?page=3', 3],
    ['', 1],
    ['?page=0', 1],
    ['?page=1.5', 1],
    ['?page=x', 1],
  ])('in %j is %d', (search, page) => {
    expect(readPageNumber(new URLSearchParams(search))).toBe(page)
  })

  it('is left out of the address when it is the first', () => {
    expect([1, 2].map(addressOfPage)).toEqual(['?', '?page=2'])
  })
})
