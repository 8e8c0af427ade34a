import type { ClientRecord } from '../store/client-record.ts'
import { type Html, html } from './html.ts'

const REPEATED = ['client_id', 'post_logout_redirect_uri', 'state'] as const

/** Asks whether to sign out; the form repeats the parameters of the request. */
export function signOutPage(
  client: ClientRecord | undefined,
  params: Readonly<Record<string, string>>,
  action: string,
): Html {
  const repeated = REPEATED.flatMap((name) => {
    const value = params[name]
    return value === undefined ? [] : [html`<input type="hidden" name="${name}" value="${value}">`]
  })
  return html`
        <h1>Sign out of Telnyx?</h1>
        <p>${client === undefined ? 'An app' : client.name} asks to end your session in this browser.</p>
        <form method="post" action="${action}">
          ${repeated}
          <div class="actions">
            <button class="primary" name="decision" value="sign-out">Sign out</button>
          </div>
        </form>`
}

/** Confirms a sign-out that leads back to no app. */
export function signedOutPage(): Html {
  return html`
        <h1>You are signed out</h1>
        <p>Your next sign-in in this browser asks who you are.</p>`
}
