import { REFUSAL_NAMES, type RefusalResponse } from '../tokens/refresh-token-refusal.ts'
import type { ConsentPageOptions, EmulatorOptions, MetadataDocument } from './options.ts'

type Rule = readonly [rule: string, holds: (value: unknown) => boolean]

const isCount = (value: unknown): boolean => Number.isInteger(value) && Number(value) >= 0
const isStatus = (value: unknown): boolean => isCount(value) && Number(value) >= 200 && Number(value) <= 599
const isArray = (value: unknown): boolean => Array.isArray(value)
const isObject = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const isHttpUrl = (value: unknown): boolean => URL.canParse(String(value)) && /^https?:/.test(String(value))
const isStrings = (value: unknown): boolean =>
  Array.isArray(value) && value.every((item) => typeof item === 'string')
const isConsentPage = (value: unknown): boolean => {
  if (typeof value !== 'object' || value === null) return isHttpUrl(value)
  const { url, except = [] } = value as Partial<ConsentPageOptions>
  return isHttpUrl(url) && isStrings(except)
}

const flag: Rule = ['must be true or false', (value) => typeof value === 'boolean']
const flagOrObject: Rule = [
  'must be true, false or an object',
  (value) => typeof value === 'boolean' || isObject(value),
]
const text: Rule = [
  'must be a string that is not empty',
  (value) => typeof value === 'string' && value !== '',
]
const seconds: Rule = ['must be a whole number of seconds above 0', (value) => isCount(value) && value !== 0]
const secondsOrNone: Rule = ['must be a whole number of seconds, 0 or more', isCount]
const object: Rule = ['must be an object', isObject]
const strings: Rule = ['must be an array of strings', isStrings]

const METADATA_DOCUMENTS: readonly MetadataDocument[] = ['oauth-authorization-server', 'openid-configuration']

function oneOf(...choices: readonly (string | number)[]): Rule {
  return [
    `must be ${choices.map((choice) => JSON.stringify(choice)).join(' or ')}`,
    (value) => choices.includes(value as never),
  ]
}

/** One rule for every option there is. */
const RULES: Readonly<Record<keyof EmulatorOptions, Rule>> = {
  host: text,
  port: ['must be an integer from 0 to 65535', (value) => isCount(value) && Number(value) <= 65535],
  publicHost: text,
  issuer: [
    'must be an http(s) URL without a path, query or trailing slash',
    (value) => isHttpUrl(value) && new URL(String(value)).origin === value,
  ],
  profile: oneOf('live', 'spec'),
  accounts: ['must name at least one person', (value) => Array.isArray(value) && value.length > 0],
  clients: ['must be an array', isArray],
  seed: object,
  stateFile: text,
  scopes: strings,
  accessTokenLifetimeSeconds: secondsOrNone,
  refreshTokenLifetimeSeconds: seconds,
  codeLifetimeSeconds: seconds,
  consentLifetimeSeconds: seconds,
  rotateRefreshTokens: flag,
  refreshGracePeriodSeconds: secondsOrNone,
  refreshTokenRefusal: [
    `must be ${REFUSAL_NAMES.join(', ')} or an object with a status`,
    (value) =>
      REFUSAL_NAMES.includes(String(value)) ||
      (isObject(value) && isStatus((value as RefusalResponse).status)),
  ],
  accessTokenFormat: oneOf('opaque', 'jwt'),
  revokeAccessTokensWithGrant: flag,
  openId: flagOrObject,
  metadataDocuments: [
    'must be an array of "oauth-authorization-server" and "openid-configuration"',
    (value) => Array.isArray(value) && value.every((item) => METADATA_DOCUMENTS.includes(item)),
  ],
  issRedirectParameter: flag,
  dpop: flagOrObject,
  revocation: flag,
  par: flagOrObject,
  endSession: flag,
  resources: strings,
  redirectUriMatching: oneOf('loopback', 'exact'),
  rememberSignIn: flag,
  consentUrl: ['must be an absolute http(s) URL, or an object with such a url', isConsentPage],
  cors: flagOrObject,
  metadata: object,
  errorStyle: oneOf('v2', 'oauth'),
  insufficientScopeStatus: oneOf(401, 403),
  rateLimits: ['must be false or an object', (value) => value === false || isObject(value)],
}

/** Names of all the options. */
export const OPTION_NAMES: readonly string[] = Object.keys(RULES)

/** @throws {TypeError} naming the option and the rule it breaks */
export function assertOptions(options: EmulatorOptions): void {
  for (const [option, value] of Object.entries(options)) {
    if (!Object.hasOwn(RULES, option))
      throw new TypeError(`createEmulator: the option "${option}" does not exist`)
    const [rule, holds] = RULES[option as keyof EmulatorOptions]
    if (value === undefined || holds(value)) continue
    throw new TypeError(`createEmulator: the option "${option}" ${rule}; got ${JSON.stringify(value)}`)
  }
}
