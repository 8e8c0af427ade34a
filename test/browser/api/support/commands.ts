import { resolve } from 'node:path'
import type { BrowserCommand } from 'vitest/node'
import type { ApiBench, Profile } from '../../../contract/support/api-scene.ts'

declare module 'vitest/browser' {
  interface BrowserCommands {
    /** Starts an emulator in Node. @returns its issuer, which names it in the other commands */
    openApiBench: (profile: Profile) => Promise<string>
    /** As `ApiBench.allow`. */
    allowAtApiBench: (issuer: string, authorizationUrl: string) => Promise<string>
    /** As `ApiBench.askedFor`. */
    askedForAtApiBench: (issuer: string, authorizationUrl: string) => Promise<string>
    closeApiBench: (issuer: string) => Promise<void>
  }
}

const BENCH = resolve('test/contract/support/api-bench.ts')

/** What a page cannot do itself: serve, and be a person in another tab. */
export function apiBenchCommands(): {
  openApiBench: BrowserCommand<[profile: Profile]>
  allowAtApiBench: BrowserCommand<[issuer: string, authorizationUrl: string]>
  askedForAtApiBench: BrowserCommand<[issuer: string, authorizationUrl: string]>
  closeApiBench: BrowserCommand<[issuer: string]>
} {
  const benches = new Map<string, ApiBench>()
  const benchAt = (issuer: string): ApiBench => {
    const bench = benches.get(issuer)
    if (!bench) throw new Error(`no emulator at ${issuer}`)
    return bench
  }
  return {
    openApiBench: async ({ project }, profile) => {
      const { openApiBench } =
        await project.import<typeof import('../../../contract/support/api-bench.ts')>(BENCH)
      const bench = await openApiBench(profile)
      benches.set(bench.issuer, bench)
      return bench.issuer
    },
    allowAtApiBench: (_context, issuer, url) => benchAt(issuer).allow(url),
    askedForAtApiBench: (_context, issuer, url) => benchAt(issuer).askedFor(url),
    closeApiBench: (_context, issuer) => benchAt(issuer).close(),
  }
}
