import type { Context } from '../../context.ts'
import { signOutNote } from '../../model/state-prefix.ts'

/** Removes the `state` of a sign-out at the server from the URL that the user came back to. */
export function cleanSignOut({ page }: Context): void {
  const state = page.recall(signOutNote)
  const url = new URL(page.href())
  if (!state || url.searchParams.get('state') !== state) return
  page.remember(signOutNote, undefined)
  url.searchParams.delete('state')
  page.replace(url.href)
}
