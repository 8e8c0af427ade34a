import { oneOf, type Rule } from './validation.ts'

export type TokenEndpointAuthMethod = 'none' | 'client_secret_basic' | 'client_secret_post'

export const authMethod: Rule = /* @__PURE__ */ oneOf('none', 'client_secret_basic', 'client_secret_post')
