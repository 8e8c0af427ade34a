/** A browser engine besides Chromium that the tests can drive. */
export type EngineName = 'firefox' | 'webkit'

/** A browser that the tests drive. */
export type BrowserName = 'chromium' | 'headless-shell' | EngineName

/** Packages of Debian and Ubuntu. */
export declare const DEBIAN_PACKAGES: Readonly<Record<BrowserName, readonly string[]>>

/** Flags with which a headless Chromium opens no connection of its own. */
export declare const CHROMIUM_FLAGS: readonly string[]

/** The path of a Chromium or Chrome on this machine, if there is one. `CHROME_PATH` comes first. */
export declare function findChromium(env?: NodeJS.ProcessEnv): string | undefined

/** The path of the Chromium that has no windows, if it is on this machine and `CHROME_PATH` names no browser. */
export declare function findHeadlessShell(env?: NodeJS.ProcessEnv): string | undefined

/** Options of `firefox.launch` for a Firefox on this machine, if there is one. `FIREFOX_PATH` comes first. */
export declare function findFirefox(
  env?: NodeJS.ProcessEnv,
): { readonly executablePath: string; readonly channel?: 'moz-firefox' } | undefined

/** The paths of WebKitGTK's driver and of Xvfb, if there are both. */
export declare function findWebKit(
  env?: NodeJS.ProcessEnv,
): { readonly driver: string; readonly display: string } | undefined

/** Cause and remedy in one sentence; `undefined` if the browser is there. */
export declare function whyMissing(name: BrowserName, env?: NodeJS.ProcessEnv): string | undefined
