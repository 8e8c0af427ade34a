/** Whom to trust where nobody says otherwise. */
export const defaultIssuer = 'https://api.telnyx.com'

/** The authorization servers that `resource` may name; the app's word counts, else Telnyx and the resource's own origin. */
export const allowedIssuersOf = (
  issuers: readonly string[] | undefined,
  resource: string,
): readonly string[] => issuers ?? [defaultIssuer, new URL(resource).origin]
