import { listOf, oneOf, type Rule } from './validation.ts'

export type GrantType = 'authorization_code' | 'client_credentials' | 'refresh_token'

export const grantTypes: Rule = /* @__PURE__ */ listOf(
  /* @__PURE__ */ oneOf('authorization_code', 'client_credentials', 'refresh_token'),
)
