import type { RequestHandler } from '../http/read-bodies.ts'

/** An application for each issuer, since one server may be reached by several origins. */
export interface IssuerCache {
  get(issuer: string | undefined): RequestHandler
}

/** Hosts of requests are made up by whoever sends them: they must not fill the memory. */
const MAX_ISSUERS = 16

export function createIssuerCache(create: (issuer: string | undefined) => RequestHandler): IssuerCache {
  const applications = new Map<string | undefined, RequestHandler>()
  return {
    get(issuer) {
      const existing = applications.get(issuer)
      if (existing !== undefined) return existing
      const created = create(issuer)
      const [oldest] = applications.keys()
      if (applications.size === MAX_ISSUERS) applications.delete(oldest)
      applications.set(issuer, created)
      return created
    },
  }
}
