import { afterAll, describe, expect, it } from 'vitest'
import { describeEveryOperation } from './suites/api-suite.ts'
import { openApiBench } from './support/api-bench.ts'
import { createWitness, type Witness } from './support/witness.ts'

describe.each(['live', 'spec'] as const)('@telnyx-oauth/api on the profile %s', (profile) => {
  let witness: Witness

  afterAll(() => witness.unwatch())

  describeEveryOperation(profile, async () => {
    const bench = await openApiBench(profile)
    witness = createWitness(() => bench.issuer, { mayUseV2Errors: profile === 'live' })
    witness.watch()
    return bench
  })

  it('saw nothing that the contract does not allow', () => {
    expect(witness.complaints).toEqual([])
    expect(witness.count).toBeGreaterThan(50)
  })

  it('called every operation of the contract that is not a page', () => {
    const operations = new Set([...witness.seen].map((name) => name.split(' ')[0]))
    expect([...operations].sort()).toEqual([
      'CreateOAuthClient',
      'CreateOAuthGrant',
      'DeleteOAuthClient',
      'ExchangeOAuthToken',
      'GetOAuthAuthorizationServerMetadata',
      'GetOAuthClient',
      'GetOAuthConsentToken',
      'GetOAuthGrant',
      'GetOAuthJWKS',
      'GetOAuthProtectedResourceMetadata',
      'IntrospectOAuthToken',
      'ListOAuthClients',
      'ListOAuthGrants',
      'RegisterOAuthClient',
      'RevokeOAuthGrant',
      'UpdateOAuthClient',
    ])
  })
})
