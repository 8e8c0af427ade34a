import { describe, expect, it } from 'vitest'
import { createTypeChecker, type Edit } from './support/type-check.ts'

const complaintsAfter = createTypeChecker('test/types/api/sdk-agreement.test-d.ts')

const ours = (file: string, from: string, to: string): Edit => ({
  path: `packages/api/src/${file}`,
  from,
  to,
})
const theirs = (file: string, from: string, to: string): Edit => ({
  path: `node_modules/telnyx/resources/${file}`,
  from,
  to,
})

describe('our types and the official SDK’s', { timeout: 60_000 }, () => {
  it('agree', () => {
    expect(complaintsAfter()).toEqual([])
  })

  it.each<[string, Edit, string]>([
    ['we lose a member', ours('clients.ts', '  readonly org_id: string\n', ''), 'org_id'],
    [
      'we gain a member',
      ours(
        'grants.ts',
        'readonly client_id: string',
        'readonly client_id: string\n  readonly user_id?: string',
      ),
      'user_id',
    ],
    [
      'we change a type',
      ours('tokens.ts', 'readonly expires_in: number', 'readonly expires_in: string'),
      'expires_in',
    ],
    [
      'we demand more than the server gives',
      ours('consent.ts', 'readonly verified?: boolean', 'readonly verified: boolean'),
      'verified',
    ],
    [
      'we take what the server does not',
      ours('grant-type.ts', `| 'refresh_token'`, `| 'refresh_token' | 'password'`),
      'password',
    ],
    [
      'we hand an operation’s result on in an envelope',
      ours(
        'clients.ts',
        '  clientId: string,\n  options?: RequestOptions,\n): Promise<OAuthClient>',
        '  clientId: string,\n  options?: RequestOptions,\n): Promise<{ data: OAuthClient }>',
      ),
      'data',
    ],
    ['they lose a member', theirs('oauth-grants.d.mts', 'client_id: string;', ''), 'client_id'],
    [
      'they gain an optional member',
      theirs('oauth-clients.d.mts', 'org_id: string;', 'org_id: string;\n    verified?: boolean;'),
      'verified',
    ],
    [
      'they gain a parameter',
      theirs(
        'oauth.d.mts',
        'redirect_uri: string;\n    /**\n     * OAuth response type',
        'redirect_uri: string;\n    prompt?: string;\n    /**\n     * OAuth response type',
      ),
      'prompt',
    ],
    [
      'they widen a type',
      theirs('oauth.d.mts', `token_type: 'Bearer'`, `token_type: 'Bearer' | 'DPoP'`),
      'DPoP',
    ],
    [
      'they make a member optional',
      theirs('oauth.d.mts', 'client_id_issued_at: number', 'client_id_issued_at?: number'),
      'client_id_issued_at',
    ],
    [
      'they gain a filter',
      theirs(
        'oauth-clients.d.mts',
        `'filter[verified]'?: boolean`,
        `'filter[org_id]'?: string;\n    'filter[verified]'?: boolean`,
      ),
      'filter[org_id]',
    ],
  ])('do not compile together once %s', (_title, edit, member) => {
    expect(complaintsAfter(edit).join('\n')).toContain(member)
  })
})
