import type { OAuthClient } from '@telnyx-oauth/api'
import { describe, expect, it } from 'vitest'
import {
  type ClientDraft,
  createInputOf,
  draftOf,
  NEW_CLIENT,
  problemsOf,
  updateInputOf,
} from '../../../demo/src/pages/clients/client-draft.ts'

const complete: ClientDraft = {
  ...NEW_CLIENT,
  name: ' My app ',
  redirect_uris: ' https://a.example/cb \n\n  app.example:/cb',
  allowed_scopes: ['billing.read'],
}

const client: OAuthClient = {
  record_type: 'oauth_client',
  client_id: 'id',
  name: 'My app',
  org_id: 'org',
  user_id: 'user',
  client_type: 'confidential',
  require_pkce: false,
  created_at: '2026-11-01T00:00:00Z',
  updated_at: '2026-11-01T00:00:00Z',
  logo_uri: null,
}

describe('a draft of a client', () => {
  it('becomes a request without blanks, empty lines and empty links', () => {
    expect(createInputOf(complete)).toEqual({
      name: 'My app',
      client_type: 'public',
      allowed_grant_types: ['authorization_code', 'refresh_token'],
      allowed_scopes: ['billing.read'],
      redirect_uris: ['https://a.example/cb', 'app.example:/cb'],
      require_pkce: true,
    })
  })

  it('becomes a change of everything but the type', () => {
    const { client_type: _, ...others } = createInputOf({ ...complete, tos_uri: 'https://a.example/terms' })
    expect(updateInputOf({ ...complete, tos_uri: 'https://a.example/terms' })).toEqual(others)
    expect(others).toHaveProperty('tos_uri', 'https://a.example/terms')
  })

  it('is made of a client, whatever the client leaves out', () => {
    expect(draftOf(client)).toEqual({
      ...NEW_CLIENT,
      name: 'My app',
      client_type: 'confidential',
      allowed_grant_types: [],
      require_pkce: false,
    })
    const uris = ['https://a.example/cb', 'https://b.example/cb']
    expect(draftOf({ ...client, redirect_uris: uris }).redirect_uris).toBe(uris.join('\n'))
  })
})

describe('what is wrong with a draft', () => {
  it('is nothing, if Telnyx would take it', () => {
    expect(problemsOf(complete)).toEqual({})
    expect(problemsOf({ ...complete, logo_uri: 'https://a.example/logo.svg' })).toEqual({})
  })

  it.each<[keyof ClientDraft, Partial<ClientDraft>]>([
    ['name', { name: '  ' }],
    ['allowed_grant_types', { allowed_grant_types: [], redirect_uris: '' }],
    ['allowed_grant_types', { allowed_grant_types: ['client_credentials'] }],
    ['redirect_uris', { redirect_uris: ' \n ' }],
    ['redirect_uris', { redirect_uris: 'https://a.example/cb\na.example/cb' }],
    ['redirect_uris', { redirect_uris: 'https://a.example/cb#top' }],
    ['logo_uri', { logo_uri: 'logo.svg' }],
    ['policy_uri', { policy_uri: '/privacy' }],
    ['tos_uri', { tos_uri: 'terms' }],
  ])('%s, with %j, is a sentence at that field', (field, part) => {
    expect(problemsOf({ ...complete, ...part })).toEqual({ [field]: expect.stringMatching(/\.$/) })
  })

  it('is not a missing redirect URI where no code is sent anywhere', () => {
    const draft: ClientDraft = { ...complete, client_type: 'confidential', redirect_uris: '' }
    expect(problemsOf({ ...draft, allowed_grant_types: ['client_credentials'] })).toEqual({})
  })

  it('is a link taken away that Telnyx can only change', () => {
    const saved = { ...complete, logo_uri: 'https://a.example/logo.svg' }
    expect(problemsOf(complete, saved)).toEqual({ logo_uri: expect.stringContaining('not remove it') })
    expect(problemsOf(complete, complete)).toEqual({})
  })
})
