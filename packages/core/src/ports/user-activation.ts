/**
 * Tells if the user has just clicked or typed. A browser that cannot tell counts as yes.
 *
 * @see https://developer.mozilla.org/docs/Web/API/UserActivation
 */
export const isUserActive = (): boolean => globalThis.navigator?.userActivation?.isActive ?? true
