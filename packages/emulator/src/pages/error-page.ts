import { html } from './html.ts'
import { answerPage } from './page.ts'

const STATUS: Readonly<Record<string, number>> = { invalid_client: 404, invalid_redirect_uri: 422 }

const HEADLINES: Readonly<Record<string, string>> = {
  invalid_client: 'This app is not known here',
  invalid_redirect_uri: 'This app may not be returned to',
  access_denied: 'Signed out or denied',
}

type Answer = Parameters<typeof answerPage>[0]

/**
 * The page shown when authorize cannot send the browser back to the app.
 *
 * 404 for an unknown client, 422 for a redirect URI that is not its own, 400 for anything malformed.
 */
export function renderAuthorizeError(ctx: Answer, error: string, description: string): void {
  const headline = HEADLINES[error] ?? 'This sign-in cannot go on'
  answerPage(
    ctx,
    STATUS[error] ?? 400,
    headline,
    html`
        <h1>${headline}</h1>
        <p>Go back to the app and start again. If it happens once more, its developer needs what follows.</p>
        <dl>
          <dt>Error</dt><dd><code>${error}</code></dd>
          <dt>Reason</dt><dd>${description}</dd>
        </dl>`,
  )
}
