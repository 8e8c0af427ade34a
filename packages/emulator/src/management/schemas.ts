import { Ajv, type ErrorObject } from 'ajv'
import addFormats from 'ajv-formats'

/** The bodies whose schema the contract closes. */
export type SchemaName = 'createClient' | 'updateClient' | 'decideGrant' | 'register'

const GRANT_TYPES = ['client_credentials', 'authorization_code', 'refresh_token']
const uri = { type: 'string', format: 'uri' }
const uris = { type: 'array', items: uri }
const grants = { type: 'array', items: { type: 'string', enum: GRANT_TYPES } }
const strings = { type: 'array', items: { type: 'string' } }
const name = { type: 'string', minLength: 1 }

const changeable = {
  name,
  allowed_scopes: strings,
  allowed_grant_types: grants,
  redirect_uris: uris,
  require_pkce: { type: 'boolean' },
  logo_uri: uri,
  policy_uri: uri,
  tos_uri: uri,
}

const SCHEMAS: Readonly<Record<SchemaName, object>> = {
  createClient: {
    type: 'object',
    properties: { ...changeable, client_type: { type: 'string', enum: ['public', 'confidential'] } },
    required: ['name', 'allowed_scopes', 'client_type', 'allowed_grant_types'],
    additionalProperties: false,
  },
  updateClient: { type: 'object', properties: changeable, additionalProperties: false },
  decideGrant: {
    type: 'object',
    properties: { allowed: { type: 'boolean' }, consent_token: { type: 'string' } },
    required: ['allowed', 'consent_token'],
    additionalProperties: false,
  },
  register: {
    type: 'object',
    properties: {
      redirect_uris: uris,
      client_name: name,
      grant_types: grants,
      response_types: { type: 'array', items: { type: 'string', enum: ['code'] } },
      scope: { type: 'string' },
      token_endpoint_auth_method: {
        type: 'string',
        enum: ['none', 'client_secret_basic', 'client_secret_post'],
      },
      logo_uri: uri,
      policy_uri: uri,
      tos_uri: uri,
    },
    additionalProperties: false,
  },
}

/** What is wrong with one member of a body. */
export interface Violation {
  /** Name of the top-level member. */
  readonly field: string
  readonly pointer: string
  readonly message: string
}

/** Checks request bodies against the closed schemas of the contract. */
export interface Schemas {
  /** Everything that is wrong; nothing, if the body is as it must be. */
  violations(name: SchemaName, body: unknown): readonly Violation[]
}

export function createSchemas(): Schemas {
  const ajv = addFormats.default(new Ajv({ allErrors: true, schemas: SCHEMAS }))

  return {
    violations(name, body) {
      // Compiled when first used, so that starting costs nothing.
      const validate = ajv.getSchema(name)
      return validate === undefined || validate(body) ? [] : (validate.errors ?? []).map(violationOf)
    },
  }
}

function violationOf({ instancePath, keyword, params, message }: ErrorObject): Violation {
  const member: string | undefined =
    keyword === 'required' ? params.missingProperty : params.additionalProperty
  // Escaped as RFC 6901 section 3 says.
  const token = member?.replaceAll('~', '~0').replaceAll('/', '~1')
  const pointer = token === undefined ? instancePath : `${instancePath}/${token}`
  const field = instancePath === '' ? (member ?? '') : (pointer.split('/')[1] ?? '')
  const text = {
    required: 'is required',
    additionalProperties: 'is not allowed',
    enum: `must be one of ${String(params.allowedValues)}`,
  }[keyword]
  return { field, pointer, message: text ?? message ?? 'is not valid' }
}
