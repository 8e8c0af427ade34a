import { isPrivateUse, redirectUriOf } from '../flows/redirect-uri.ts'
import { type Examine, ok, problem } from './examination.ts'

/** Without a secure context there is no WebCrypto, and so no PKCE. */
export const examinePage: Examine = ({ context, origin }) => [
  context.page.isSecure()
    ? ok('secure-context', 'This page is a secure context.')
    : problem(
        'secure-context',
        `This page, on ${origin}, is no secure context: the browser keeps WebCrypto from it.`,
        'Serve it over https, or from localhost.',
      ),
]

/** The answer of the server must come back to where the sign-in began: its other half is in the storage there. */
export const examineRedirectUri: Examine = ({ context, origin }) => {
  const uri = redirectUriOf(context)
  if (isPrivateUse(uri))
    return [ok('redirect-uri', `Sign-ins come back to ${uri.href}, which the app hands to finishSignIn().`)]
  return [
    uri.origin === origin
      ? ok('redirect-uri', `Sign-ins come back to ${uri.origin}${uri.pathname}, on the origin of this page.`)
      : problem(
          'redirect-uri',
          `Sign-ins begin on ${origin}, but come back to ${uri.origin}, which has another storage.`,
          'Open the app on the origin of its redirect URI; localhost and 127.0.0.1 are two.',
        ),
  ]
}
