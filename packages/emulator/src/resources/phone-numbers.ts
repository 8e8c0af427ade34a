import type { ServingContext } from '../context.ts'
import type { ManagementRoutes } from '../management/route.ts'
import type { EmulatorAccount } from '../options/accounts.ts'
import { respondWithList } from './list.ts'

/** A phone number, by the members that the Telnyx API always has, and a few more. */
interface PhoneNumber {
  readonly id: string
  readonly record_type: 'phone_number'
  readonly phone_number: string
  readonly country_iso_alpha2: string
  readonly phone_number_type: 'local'
  readonly status: 'active'
  readonly tags: readonly string[]
  readonly external_pin: null
  readonly deletion_lock_enabled: boolean
  readonly connection_id: null
  readonly messaging_profile_id: null
  readonly source_type: 'number_order'
  readonly purchased_at: string
  readonly created_at: string
  readonly updated_at: string
}

/** More than a page has by default. */
const NUMBERS_PER_ACCOUNT = 25
const AREA_CODES = ['312', '415', '646', '206'] as const
const NEWEST_MS = Date.UTC(2026, 0, 31)
const DAY_MS = 24 * 3600 * 1000

/** `GET /v2/phone_numbers`: the numbers of an account, the newest first. */
export function phoneNumberRoutes(context: ServingContext): ManagementRoutes {
  const { accounts, rules } = context.options
  return [
    [
      'GET',
      '/v2/phone_numbers',
      (ctx) =>
        respondWithList(context, ctx, rules.resourceScopes.phoneNumbers, (account) =>
          numbersOf(account, accounts),
        ),
    ],
  ]
}

/** The same numbers at every start, in the range 555-0100 to 555-0199 that is kept for fiction. */
function numbersOf(account: EmulatorAccount, accounts: readonly EmulatorAccount[]): readonly PhoneNumber[] {
  const position = accounts.indexOf(account)
  const areaCode = AREA_CODES[position % AREA_CODES.length]
  const first = (Math.floor(position / AREA_CODES.length) * NUMBERS_PER_ACCOUNT) % 100
  return Array.from({ length: NUMBERS_PER_ACCOUNT }, (_, index) => {
    const line = String(100 + first + index).padStart(4, '0')
    const at = new Date(NEWEST_MS - index * DAY_MS).toISOString()
    return {
      id: `2${String(position).padStart(9, '0')}${line}`,
      record_type: 'phone_number',
      phone_number: `+1${areaCode}555${line}`,
      country_iso_alpha2: 'US',
      phone_number_type: 'local',
      status: 'active',
      tags: index === 0 ? ['main line'] : [],
      external_pin: null,
      deletion_lock_enabled: index === 0,
      connection_id: null,
      messaging_profile_id: null,
      source_type: 'number_order',
      purchased_at: at,
      created_at: at,
      updated_at: at,
    }
  })
}
