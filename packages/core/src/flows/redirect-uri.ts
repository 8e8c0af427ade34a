import type { Context } from '../context.ts'

/** The redirect URI of the client. A path is resolved against the origin alone, never against the page. */
export const redirectUriOf = ({ options, page }: Context): URL =>
  new URL(options.redirectUri, new URL(page.href()).origin)

const placeOf = ({ origin, pathname }: URL): string => origin + pathname.replace(/\/$/, '')

/** Tells if `url` is at `redirectUri`, whatever its query. Static hosts add or remove a slash at the end. */
export const isAt = (url: URL, redirectUri: URL): boolean => placeOf(url) === placeOf(redirectUri)

/** The page to return to when the start of a sign-in is unknown: the folder of the redirect URI. */
export const homePathOf = (context: Context): string => new URL('.', redirectUriOf(context)).pathname
