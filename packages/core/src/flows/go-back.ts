import type { Context } from '../context.ts'
import { homePathOf } from './redirect-uri.ts'
import { allowedPath, pathInApp } from './return-path.ts'

/** Goes to a path of this app: through its router where it has one, else the URL changes in place. */
export function goBack(context: Context, returnTo: string): void {
  const { options, page } = context
  // Looked at again, because it may come from storage.
  const path = allowedPath(context, returnTo) ?? homePathOf(context)
  try {
    if (options.navigate) options.navigate(pathInApp(context, path) ?? '/')
    else page.replace(path, true)
  } catch (error) {
    // The app's router failed, not the sign-in: the page hears of it, the session goes on.
    queueMicrotask(() => {
      throw error
    })
  }
}
