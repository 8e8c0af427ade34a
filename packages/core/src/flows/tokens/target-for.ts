import type { Context } from '../../context.ts'
import { TelnyxAuthError } from '../../errors.ts'
import { parseUrl, prefixesOf } from '../../model/urls.ts'
import type { TokenTarget } from '../../telnyx-auth.ts'

/**
 * The target of the token that may go to `url`: the longest resource of the sign-in that covers it, else that of the
 * session's own token.
 *
 * @throws {TelnyxAuthError} `resource_not_allowed`: `target` names a resource that does not cover `url`
 */
export function targetFor({ state, options }: Context, url: URL, target: TokenTarget): TokenTarget {
  const { resource: own, targets: named = [] } = state.session.current ?? options
  const covers = (resource: string) => prefixesOf(url, [new URL(resource)]).length > 0
  if (target.resource !== undefined) {
    // A resource that is no URL is a mistake of the caller: the rule of the option reports it.
    if (parseUrl(target.resource) && !covers(target.resource))
      throw new TelnyxAuthError('resource_not_allowed', { subject: url.origin })
    return target
  }
  const depth = (resource: string) => new URL(resource).pathname.length
  const [resource] = named.filter(covers).sort((a, b) => depth(b) - depth(a))
  return resource === undefined || resource === own ? target : { ...target, resource }
}
