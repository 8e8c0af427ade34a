/** A person who can sign in. */
export interface EmulatorAccount {
  /** Stable id: the `user_id` of this person's OAuth clients. */
  readonly id: string
  /** Shown on the sign-in page. */
  readonly name: string
  /** Shown on the sign-in page; `login_hint` selects by it. */
  readonly email: string
  /** The `org_id` of this person's OAuth clients. */
  readonly organizationId: string
  /** Shown beside the name. */
  readonly organizationName: string
  /** Telnyx API keys of this person: accepted as bearer tokens that may do everything. @default [] */
  readonly apiKeys?: readonly string[]
}

/** The people who can sign in when the option `accounts` is left out. */
export const DEFAULT_ACCOUNTS: readonly EmulatorAccount[] = [
  {
    id: '6f1c2a54-0d5e-4f0b-9b6e-5a6c1f0e1a01',
    name: 'Ava Lindqvist',
    email: 'ava@northwind.example',
    organizationId: 'b8f0a3de-7c11-4f8a-8a52-0d6f3c2e7a01',
    organizationName: 'Northwind Voice',
    apiKeys: ['KEY_EMULATOR_AVA'],
  },
  {
    id: '6f1c2a54-0d5e-4f0b-9b6e-5a6c1f0e1a02',
    name: 'Noor Haddad',
    email: 'noor@northwind.example',
    organizationId: 'b8f0a3de-7c11-4f8a-8a52-0d6f3c2e7a01',
    organizationName: 'Northwind Voice',
    apiKeys: ['KEY_EMULATOR_NOOR'],
  },
  {
    id: '6f1c2a54-0d5e-4f0b-9b6e-5a6c1f0e1a03',
    name: 'Sam Okafor',
    email: 'sam@parcelbird.example',
    organizationId: 'b8f0a3de-7c11-4f8a-8a52-0d6f3c2e7a02',
    organizationName: 'Parcelbird Logistics',
    apiKeys: ['KEY_EMULATOR_SAM'],
  },
]
