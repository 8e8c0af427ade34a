import type { Context } from '../context.ts'
import { sameOriginPath } from '../model/return-to.ts'

/** A path on this origin. @throws {TypeError} `returnTo` leads elsewhere */
export function checkedPath({ page }: Context, returnTo: string): string {
  const path = sameOriginPath(returnTo, page.href())
  if (path !== undefined) return path
  throw new TypeError('"returnTo" must be a path on this origin that starts with one slash')
}
