/** The response to a refresh token that is expired, revoked, spent or unknown, as some server words it. */
export interface RefusalResponse {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  /** Text as it is, anything else as JSON. @default '' */
  readonly body?: unknown
}

export type RefusalName = 'invalid_grant' | 'challenge' | 'invalid_request' | 'empty' | 'v2-errors'

const refusalNames = {
  invalid_grant: true,
  challenge: true,
  invalid_request: true,
  empty: true,
  'v2-errors': true,
} as const satisfies Record<RefusalName, true>

export const REFUSAL_NAMES: readonly string[] = Object.keys(refusalNames)
