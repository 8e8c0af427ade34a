import { type RefObject, useEffect, useRef } from 'react'

/**
 * Moves the focus to `target` when `view` changes and takes the focused element away with it, so that keyboard and
 * screen reader users go on where the new view begins.
 */
export function useFocusRescue(target: RefObject<HTMLElement | null>, view: string): void {
  const shown = useRef(view)
  useEffect(() => {
    const hasChanged = shown.current !== view && shown.current !== 'pending'
    shown.current = view
    if (hasChanged && document.activeElement === document.body) target.current?.focus({ preventScroll: true })
  }, [target, view])
}
