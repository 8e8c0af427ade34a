import type { Context } from '../context.ts'
import { sameOriginPath } from '../model/return-to.ts'

/** The folder of the option `homePath`, without its last slash. */
function baseOf({ options: { homePath }, page }: Context): string {
  return homePath === undefined ? '' : new URL('.', new URL(homePath, page.href())).pathname.slice(0, -1)
}

/**
 * A path of this origin as the app's router knows it: without the base of the app.
 *
 * @returns `undefined`: it leads out of the app
 */
export function pathInApp(context: Context, path: string): string | undefined {
  const base = baseOf(context)
  const rest = path.slice(base.length)
  if (!path.startsWith(base) || !/^([/?#]|$)/.test(rest)) return undefined
  // Looked at again: `/app//evil.example` is a path of this origin, and without its base one of another.
  return sameOriginPath(rest.startsWith('/') ? rest : `/${rest}`, context.page.href())
}

/** `returnTo` if a user may return there: a path on this origin, and of the app if `homePath` tells where that is. */
export function allowedPath(context: Context, returnTo: string): string | undefined {
  const path = sameOriginPath(returnTo, context.page.href())
  return path !== undefined && pathInApp(context, path) !== undefined ? path : undefined
}

/** A path that a user may return to. @throws {TypeError} `returnTo` leads elsewhere */
export function checkedPath(context: Context, returnTo: string): string {
  const path = allowedPath(context, returnTo)
  if (path !== undefined) return path
  const place =
    context.options.homePath === undefined ? 'on this origin' : 'inside of the folder of "homePath"'
  throw new TypeError(`"returnTo" must be a path ${place} that starts with one slash`)
}
