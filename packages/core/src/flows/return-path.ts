import type { Context } from '../context.ts'
import { sameOriginPath } from '../model/return-to.ts'

const originOf = ({ page }: Context): string => new URL(page.href()).origin

/** A path on this origin. @throws {TypeError} `returnTo` leads elsewhere */
export function checkedPath(context: Context, returnTo: string): string {
  const path = sameOriginPath(returnTo, originOf(context))
  if (path !== undefined) return path
  throw new TypeError('"returnTo" must be a path on this origin that starts with one slash')
}

/** Goes to a path of this app: through its router where it has one, else the URL changes in place. */
export function goBack(context: Context, returnTo: string): void {
  const { options, page } = context
  // Looked at again, because it may come from storage.
  const path = sameOriginPath(returnTo, originOf(context)) ?? '/'
  try {
    if (options.navigate) options.navigate(path)
    else page.replace(path, true)
  } catch (error) {
    // The app's router failed, not the sign-in: the page hears of it, the session goes on.
    queueMicrotask(() => {
      throw error
    })
  }
}
