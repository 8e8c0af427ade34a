import type { EmulatorAccount } from '../options/accounts.ts'
import { isHttpUrl } from '../options/member-rules.ts'
import type { ScopeDescription } from '../options/scopes.ts'
import type { ClientRecord } from '../store/client-record.ts'
import { type Html, html } from './html.ts'

/** What the sign-in and consent page shows. */
export interface ConsentView {
  readonly client: ClientRecord
  readonly accounts: readonly EmulatorAccount[]
  readonly selectedAccountId: string
  readonly scopes: readonly ScopeDescription[]
  readonly redirectUri: string
}

/** One page for both questions: who are you, and do you allow this. */
export function consentPage({ client, accounts, selectedAccountId, scopes, redirectUri }: ConsentView): Html {
  return html`
        <div class="app">
          ${logo(client)}
          <div>
            <strong>${client.name}</strong>
            <div class="note">${client.verified ? 'Verified app' : 'Not verified by Telnyx'}</div>
          </div>
        </div>
        <h1>${client.name} wants to use your Telnyx account</h1>
        <p>Choose who you are and decide what it may do.</p>
        <form method="post">
          <fieldset>
            <legend>Sign in as</legend>
            ${accounts.map((account) => person(account, account.id === selectedAccountId))}
          </fieldset>
          <h2 id="scopes">It will be able to</h2>
          <ul aria-labelledby="scopes">
            ${scopes.map(permission)}
          </ul>
          <div class="actions">
            <button class="primary" name="decision" value="allow">Allow</button>
            <button name="decision" value="deny">Deny</button>
          </div>
          <p class="after">Afterwards you return to <strong>${destination(redirectUri)}</strong>. ${links(client)}</p>
        </form>`
}

function logo(client: ClientRecord): Html {
  if (client.logo_uri !== null) return html`<img src="${client.logo_uri}" alt="">`
  return html`<span class="tile" aria-hidden="true">${initials(client.name)}</span>`
}

function person(account: EmulatorAccount, isSelected: boolean): Html {
  const checked = isSelected ? html` checked` : undefined
  return html`
            <label class="person">
              <input type="radio" name="account" value="${account.id}"${checked}>
              <span class="tile" aria-hidden="true">${initials(account.name)}</span>
              <span><strong>${account.name}</strong><small>${account.email} <span>· ${account.organizationName}</span></small></span>
            </label>`
}

function permission({ id, description }: ScopeDescription): Html {
  return html`
            <li>
              <svg viewBox="0 0 24 24" aria-hidden="true"><path d="m5 12.5 4.5 4.5L19 7.5"/></svg>
              <span>${description}<br><code>${id}</code></span>
            </li>`
}

function links({ policy_uri: policy, tos_uri: terms }: ClientRecord): Html {
  return html`${isHttpUrl(policy) ? html`<a href="${policy ?? ''}">Privacy policy</a> ` : undefined}${
    isHttpUrl(terms) ? html`<a href="${terms ?? ''}">Terms of service</a>` : undefined
  }`
}

function initials(name: string): string {
  const words = name.split(/\s+/).filter((word) => word !== '')
  return words
    .slice(0, 2)
    .map((word) => word[0]?.toUpperCase() ?? '')
    .join('')
}

/** The origin of a redirect URI; of an app's own scheme, the scheme. */
export function destination(redirectUri: string): string {
  if (!URL.canParse(redirectUri)) return redirectUri
  const { origin, protocol } = new URL(redirectUri)
  return origin === 'null' ? protocol : origin
}
