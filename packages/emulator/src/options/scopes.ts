/** A scope as the consent page and `GET /oauth/consent/{token}` describe it. */
export interface ScopeDescription {
  readonly id: string
  readonly name: string
  readonly description: string
}

type Wording = readonly [name: string, read: string, write?: string]

const PRODUCTS: Readonly<Record<string, Wording>> = {
  account_management: [
    'Account',
    'See account settings, users and organizations',
    'Change account settings and users',
  ],
  ai: ['AI', 'See AI assistants, conversations and models', 'Create and change AI assistants'],
  authentication_and_access: ['Access', 'See API keys, OAuth clients and connected apps'],
  billing: ['Billing', 'See your balance, invoices and charges'],
  edge_compute: ['Edge compute', 'See functions and deployments', 'Deploy and change functions'],
  enterprise_integrations: [
    'Integrations',
    'See connected business tools',
    'Connect and change business tools',
  ],
  fax: ['Fax', 'See faxes and fax applications', 'Send faxes and change fax applications'],
  messaging: [
    'Messaging',
    'Read messages and messaging profiles',
    'Send messages and change messaging profiles',
  ],
  networking: ['Networking', 'See networks and interfaces', 'Create and change networks'],
  numbers: ['Numbers', 'See your phone numbers and orders', 'Order, configure and release phone numbers'],
  reporting: ['Reporting', 'See usage and detail records', 'Create and delete reports'],
  speech: ['Speech', 'See transcriptions and voices', 'Transcribe and synthesize speech'],
  storage: ['Storage', 'See buckets and objects', 'Create, change and delete buckets and objects'],
  verify: ['Verify', 'See verification profiles and results', 'Send verification codes and change profiles'],
  video: ['Video', 'See rooms, sessions and recordings', 'Create and change rooms'],
  voice: ['Voice', 'See calls, connections and recordings', 'Make calls and change connections'],
  wireless: ['Wireless', 'See SIM cards and their usage', 'Activate and change SIM cards'],
}

/** The 32 scopes of the live service (contract, section 4.2). */
export const LIVE_SCOPES: readonly string[] = Object.entries(PRODUCTS).flatMap(([product, [, , write]]) =>
  write === undefined ? [`${product}.read`] : [`${product}.read`, `${product}.write`],
)

/** Says what a scope permits, in words for the person who is asked. */
export function describeScope(id: string): ScopeDescription {
  if (id === 'admin') return { id, name: 'Everything', description: 'Full access to your Telnyx account' }
  if (id === 'openid') return { id, name: 'Identity', description: 'Know who you are' }
  const [product = '', access] = id.split('.')
  const wording = PRODUCTS[product]
  if (wording === undefined) return { id, name: id, description: id }
  const [name, read, write] = wording
  if (access === 'write' && write !== undefined) return { id, name: `${name}: change`, description: write }
  return { id, name: `${name}: view`, description: read }
}
