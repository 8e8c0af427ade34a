import type { EmulatorContext } from '../context.ts'
import { isHttpUrl, isRedirectUri, REDIRECT_URI_RULE } from '../options/member-rules.ts'
import type { ClientRecord } from '../store/client-record.ts'
import type { SchemaName, Schemas } from './schemas.ts'

/** The first thing that is wrong with a body. */
export interface BodyProblem {
  readonly description: string
  readonly pointer: string
}

interface ClientFacts {
  readonly allowed_scopes?: readonly string[] | undefined
  readonly allowed_grant_types?: readonly string[]
  readonly redirect_uris?: readonly string[]
  readonly logo_uri?: string | null
  readonly policy_uri?: string | null
  readonly tos_uri?: string | null
}

type Rule = (facts: ClientFacts, offeredScopes: readonly string[]) => BodyProblem | undefined

/** Members that the consent page shows or links to. */
const PAGES = ['logo_uri', 'policy_uri', 'tos_uri'] as const

const RULES: readonly Rule[] = [
  ({ allowed_scopes: scopes = [] }, offered) => {
    const index = scopes.findIndex((scope) => !offered.includes(scope))
    if (index === -1) return undefined
    return { description: `the scope ${scopes[index]} is not offered`, pointer: `/allowed_scopes/${index}` }
  },
  ({ allowed_grant_types: grants = [], redirect_uris: uris = [] }) =>
    grants.includes('authorization_code') && uris.length === 0
      ? { description: 'redirect_uris is needed for the authorization_code grant', pointer: '/redirect_uris' }
      : undefined,
  (facts) => {
    const member = PAGES.find((name) => typeof facts[name] === 'string' && !isHttpUrl(facts[name]))
    return member && { description: `${member} must be an http(s) URL`, pointer: `/${member}` }
  },
  ({ redirect_uris: uris = [] }) => {
    const index = uris.findIndex((uri) => !isRedirectUri(uri))
    if (index === -1) return undefined
    return { description: `a redirect URI ${REDIRECT_URI_RULE}`, pointer: `/redirect_uris/${index}` }
  },
]

/** Checks a create or update body: its shape by the contract's schema, then what the shape cannot say. */
export function checkClientBody(
  context: EmulatorContext,
  schemas: Schemas,
  schema: SchemaName,
  body: unknown,
  current?: ClientRecord,
): BodyProblem | undefined {
  const [violation] = schemas.violations(schema, body)
  if (violation !== undefined) {
    const { field, pointer, message } = violation
    return { description: field === '' ? `the body ${message}` : `${field} ${message}`, pointer }
  }
  return checkClientFacts(context, { ...current, ...(body as ClientFacts) })
}

export function checkClientFacts({ options }: EmulatorContext, facts: ClientFacts): BodyProblem | undefined {
  for (const rule of RULES) {
    const problem = rule(facts, options.rules.scopes)
    if (problem !== undefined) return problem
  }
  return undefined
}
