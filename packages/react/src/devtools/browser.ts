/** The only file of this package that touches the browser itself. */

/** Milliseconds since 1970. */
export const now = (): number => Date.now()

/** Calls `listener` every second. @returns stop */
export function everySecond(listener: () => void): () => void {
  const timer = setInterval(listener, 1000)
  return () => clearInterval(timer)
}

/**
 * Styles an element's shadow root. A constructed sheet is neither an inline style nor a request, so that a policy of
 * `style-src 'self'` has nothing against it, and the page's own styles do not reach in.
 *
 * @returns the shadow root, the same for the same element
 */
export function styledShadowRoot(host: Element, css: string): ShadowRoot {
  const root = host.shadowRoot ?? host.attachShadow({ mode: 'open' })
  try {
    // A sheet belongs to one document: an iframe or a window that a portal renders into has its own.
    const Sheet = host.ownerDocument.defaultView?.CSSStyleSheet ?? CSSStyleSheet
    const sheet = new Sheet()
    sheet.replaceSync(css)
    root.adoptedStyleSheets = [sheet]
  } catch {
    // jsdom has no constructed sheets.
    const style = host.ownerDocument.createElement('style')
    style.textContent = css
    root.append(style)
  }
  return root
}

/** Hands a file to the person. */
export function download(name: string, text: string): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(new Blob([text], { type: 'application/json' }))
  link.download = name
  link.click()
  // The download has begun with the click, but browsers read the address a moment later.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}

/** Where this runs. The path stays out of it: it may name a person. */
export const describePage = (): { readonly origin: string; readonly userAgent: string } => ({
  origin: location.origin,
  userAgent: navigator.userAgent,
})
