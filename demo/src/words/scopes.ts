/** One area of the Telnyx API and what may be done there, in words. */
export interface Permission {
  readonly area: string
  readonly sentences: readonly string[]
  /** The scopes behind it, as the server writes them. */
  readonly scopes: readonly string[]
}

type Words = readonly [area: string, read: string, write?: string]

// The names are Telnyx's, the words are this console's: the server has no words for scopes before it asks.
const WORDS: Readonly<Record<string, Words>> = {
  account_management: [
    'Account',
    'see the account and its members',
    'change the account and its OAuth clients',
  ],
  ai: ['AI', 'see AI assistants and conversations', 'build and change assistants'],
  authentication_and_access: ['Access', 'see API keys, OAuth clients and who was given access'],
  billing: ['Billing', 'see the balance, invoices and payments'],
  edge_compute: ['Edge compute', 'see functions at the edge', 'deploy and change them'],
  enterprise_integrations: ['Integrations', 'see connected business tools', 'connect and change them'],
  fax: ['Fax', 'see faxes and fax applications', 'send faxes'],
  messaging: ['Messaging', 'read messages and messaging profiles', 'send messages, change profiles'],
  networking: ['Networking', 'see private networks and gateways', 'build and change them'],
  numbers: ['Numbers', 'see phone numbers and their orders', 'order, set up and release numbers'],
  reporting: ['Reporting', 'see usage and detail reports', 'make and delete reports'],
  speech: ['Speech', 'see transcripts and voices', 'transcribe and synthesise speech'],
  storage: ['Storage', 'see buckets and files', 'add, change and delete them'],
  verify: ['Verify', 'see verifications and their profiles', 'send codes, change profiles'],
  video: ['Video', 'see rooms and recordings', 'open and change rooms'],
  voice: ['Voice', 'see calls and voice applications', 'place calls, change applications'],
  wireless: ['Wireless', 'see SIM cards and their usage', 'activate and change SIM cards'],
}

/** Puts scopes into words: one entry per area, in the order given; a scope without words by its own name. */
export function describeScopes(scopes: readonly string[]): readonly Permission[] {
  const permissions = new Map<string, Permission>()
  for (const scope of scopes) {
    const [area, sentence] = describeScope(scope)
    const known = permissions.get(area)
    permissions.set(area, {
      area,
      sentences: [...(known?.sentences ?? []), sentence],
      scopes: [...(known?.scopes ?? []), scope],
    })
  }
  return [...permissions.values()]
}

function describeScope(scope: string): readonly [area: string, sentence: string] {
  const [product = '', access] = scope.split('.')
  const words = Object.hasOwn(WORDS, product) ? WORDS[product] : undefined
  const sentence = access === 'read' ? words?.[1] : access === 'write' ? words?.[2] : undefined
  return words && sentence ? [words[0], sentence] : [scope, 'this console has no words for it']
}
