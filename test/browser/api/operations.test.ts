import { describe, expect, it } from 'vitest'
import { commands } from 'vitest/browser'
import { describeEveryOperation } from '../../contract/suites/api-suite.ts'
import type { ApiBench, Profile } from '../../contract/support/api-scene.ts'

describe.each(['live', 'spec'] as const)('@telnyx-oauth/api in a page, on the profile %s', (profile) => {
  let issuer = ''

  describeEveryOperation(profile, async () => {
    const bench = await openApiBench(profile)
    issuer = bench.issuer
    return bench
  })

  it('was another origin than the emulator all the while', async () => {
    expect(new URL(issuer).origin).not.toBe(location.origin)
  })
})

async function openApiBench(profile: Profile): Promise<ApiBench> {
  const issuer = await commands.openApiBench(profile)
  return {
    issuer,
    allow: (url) => commands.allowAtApiBench(issuer, url),
    askedFor: (url) => commands.askedForAtApiBench(issuer, url),
    close: () => commands.closeApiBench(issuer),
  }
}
