import { createHash } from 'node:crypto'
import { type Html, html } from './html.ts'
import { PAGE_STYLE } from './page-style.ts'

const STYLE_HASH = createHash('sha256').update(PAGE_STYLE).digest('base64')

interface PageResponse {
  status: number
  type: string
  body: unknown
  set(name: string, value: string): void
}

/** What a page may do besides showing itself. */
export interface PageNeeds {
  /** Origins or schemes that its form may lead to, redirects included. */
  readonly formTargets?: readonly string[]
  /** Origins that it shows images from. */
  readonly images?: readonly string[]
}

/** Answers with a whole page, under a policy that allows its style, its form and nothing else. */
export function answerPage(
  ctx: PageResponse,
  status: number,
  title: string,
  main: Html,
  needs: PageNeeds = {},
): void {
  const { formTargets = [], images = [] } = needs
  ctx.status = status
  ctx.type = 'text/html; charset=utf-8'
  ctx.set(
    'Content-Security-Policy',
    [
      "default-src 'none'",
      `style-src 'sha256-${STYLE_HASH}'`,
      `img-src ${['data:', ...images].join(' ')}`,
      // Chromium applies form-action to the redirects that follow a form as well.
      `form-action ${["'self'", ...formTargets].join(' ')}`,
      "frame-ancestors 'none'",
      "base-uri 'none'",
    ].join('; '),
  )
  ctx.set('Referrer-Policy', 'no-referrer')
  ctx.set('X-Content-Type-Options', 'nosniff')
  ctx.set('Cache-Control', 'no-store')
  ctx.body = html`<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>${title}</title>
    <link rel="icon" href="data:,">
    <style>${{ markup: PAGE_STYLE }}</style>
  </head>
  <body>
    <div class="frame">
      <header>
        <svg viewBox="0 0 24 24" width="28" height="28" aria-hidden="true"><path d="M4 5h16v3.6h-6.1V19h-3.8V8.6H4z"/></svg>
        <span class="brand">Telnyx</span>
        <span class="badge">local emulator</span>
      </header>
      <main>${main}</main>
      <footer>This is not the real Telnyx: a stand-in on your own machine, with made-up people and no passwords.</footer>
    </div>
  </body>
</html>
`.markup
}
