import type { Emulator } from './emulator.ts'

/** Where the emulator listens and who can sign in, in two lines. */
export function startupBanner({ url, accounts }: Emulator): string {
  const names = new Intl.ListFormat('en', { type: 'disjunction' }).format(accounts.map(({ name }) => name))
  return `  Telnyx OAuth emulator  ${url}\n  Sign in as ${names}; there are no passwords.`
}

/** The same for scripts: one line of JSON. */
export function startupLine({ url, issuer, accounts }: Emulator): string {
  return JSON.stringify({
    url,
    issuer,
    accounts: accounts.map(({ id, name, email }) => ({ id, name, email })),
  })
}
