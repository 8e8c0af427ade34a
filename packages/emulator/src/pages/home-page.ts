import type { ServingContext } from '../context.ts'
import { isRead, type Middleware } from '../http/http.ts'
import { type Html, html } from './html.ts'
import { answerPage } from './page.ts'

/** Seeded clients can be many thousands. */
const MAX_SHOWN_CLIENTS = 50

/** `GET /`: names the emulator, the users and the apps. A test runner that waits for this URL gets a 200. */
export function homeRoute(context: ServingContext): Middleware {
  return async (ctx, next) => {
    if (ctx.state.endpoint !== 'home' || !isRead(ctx)) return next()
    answerPage(ctx, 200, 'Telnyx OAuth emulator', homePage(context))
  }
}

function homePage({ issuer, options, store }: ServingContext): Html {
  const clients = [...store.clients.values()].reverse()
  const others = clients.length - MAX_SHOWN_CLIENTS
  return html`
        <h1>Telnyx OAuth emulator</h1>
        <p>A local OAuth server for development and tests. Its issuer is <code>${issuer}</code>.</p>
        <h2>Users</h2>
        <ul>${options.accounts.map(
          ({ name, email }) => html`
          <li><strong>${name}</strong> <code>${email}</code></li>`,
        )}
        </ul>
        <h2>Apps</h2>
        <dl>${clients.slice(0, MAX_SHOWN_CLIENTS).map(
          ({ client_id: id, name, redirect_uris: uris }) => html`
          <dt>${name} <code>${id}</code></dt>
          <dd>${uris.length === 0 ? 'no redirect URI' : uris.map((uri) => html`<code>${uri}</code> `)}</dd>`,
        )}
        </dl>${others > 0 ? html`<p>And ${others} more.</p>` : undefined}`
}
