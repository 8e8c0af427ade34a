import { IncomingMessage, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import { basePathOf, type ServingContext } from '../context.ts'
import { withBody } from '../http/read-bodies.ts'

const RESUME_COOKIE = '_interaction_resume'

/**
 * Goes on with an answered request in the browser's place.
 *
 * `POST /oauth/grants` answers with the app's redirect URI, code included; oidc-provider makes the code when the
 * browser comes back with its cookie. So the emulator comes back to itself with that cookie.
 *
 * @returns the app's redirect URI with a code or an error
 */
export async function completeInteraction(
  context: ServingContext,
  resumeUrl: string,
): Promise<string | undefined> {
  const { pathname, host } = new URL(resumeUrl)
  const consentToken = pathname.slice(pathname.lastIndexOf('/') + 1)
  const request = new IncomingMessage(new Socket())
  request.method = 'GET'
  request.url = pathname.slice(basePathOf(context).length)
  request.headers = { host, accept: 'text/html', cookie: `${RESUME_COOKIE}=${consentToken}` }
  const response = new ServerResponse(request)
  const asked = Object.assign(withBody(request, Buffer.alloc(0)), { isInternal: true })
  await context.provider.callback()(asked, response)
  const location = response.getHeader('location')
  return typeof location === 'string' ? location : undefined
}
