import { type ReactElement, type ReactNode, useCallback, useState } from 'react'
import { createPortal } from 'react-dom'
import { styledShadowRoot } from './browser.ts'
import { panelStyle } from './panel-style.ts'

/** Renders its children where the page's styles do not reach. */
export function Shadow({ children }: { readonly children: ReactNode }): ReactElement {
  const [root, setRoot] = useState<ShadowRoot>()
  const attach = useCallback((host: HTMLElement | null) => {
    if (host) setRoot(styledShadowRoot(host, panelStyle))
  }, [])
  return (
    <div ref={attach} data-telnyx-auth-devtools="">
      {root && createPortal(children, root)}
    </div>
  )
}
