/** A token as it may be shown: its first six characters. The rest never reaches the page. */
export function firstCharacters(token: string): string {
  return `${token.slice(0, 6)}…`
}

/** A session id as it may be shown: not secret, only long. */
export function shortId(id: string): string {
  return id.length > 10 ? `${id.slice(0, 8)}…` : id
}
