import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import { ROOT } from '../../support/source-files.ts'

/** A change to a file that is made in the compiler's eyes only. */
interface Edit {
  /** Below the root. */
  readonly path: string
  readonly from: string
  readonly to: string
}

/**
 * Compiles files as `npm run check` does, again and again with different edits, and parses nothing twice.
 *
 * @returns a function from edits to complaints about one file
 */
function createTypeChecker(path: string): (...edits: readonly Edit[]) => string[] {
  const entry = join(ROOT, path)
  const { config } = ts.readConfigFile(join(ROOT, 'tsconfig.json'), ts.sys.readFile)
  const { options } = ts.parseJsonConfigFileContent(config, { ...ts.sys, readDirectory: () => [] }, ROOT)
  const host = ts.createCompilerHost(options)
  const parsed = new Map<string, ts.SourceFile | undefined>()
  let program: ts.Program | undefined
  return (...edits) => {
    const texts = new Map(edits.map((edit) => [join(ROOT, edit.path), edited(edit)]))
    const getSourceFile: ts.CompilerHost['getSourceFile'] = (name, version) => {
      const text = texts.get(name)
      if (text !== undefined) return ts.createSourceFile(name, text, version)
      if (!parsed.has(name)) parsed.set(name, host.getSourceFile(name, version))
      return parsed.get(name)
    }
    program = ts.createProgram([entry], options, { ...host, getSourceFile }, program)
    return program
      .getSemanticDiagnostics(program.getSourceFile(entry))
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '))
  }
}

function edited({ path, from, to }: Edit): string {
  const before = readFileSync(join(ROOT, path), 'utf8')
  if (!before.includes(from)) throw new Error(`${path} has no ${from}`)
  return before.replace(from, to)
}

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
