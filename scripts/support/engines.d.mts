/** A browser engine besides Chromium that the tests can drive. */
export type EngineName = 'firefox' | 'webkit'

/** The path of a Firefox that can be driven here, if there is one. `FIREFOX_PATH` comes first. */
export declare function findFirefox(env?: NodeJS.ProcessEnv): string | undefined

/** The paths of WebKitGTK's driver and of Xvfb, if there are both. */
export declare function findWebKit(
  env?: NodeJS.ProcessEnv,
): { readonly driver: string; readonly display: string } | undefined

/** Why an engine cannot be driven here and what would change that, in one sentence; nothing when it can. */
export declare function whyMissing(name: EngineName, env?: NodeJS.ProcessEnv): string | undefined

/** Installs the engines that are missing, on Debian and Ubuntu when run by root. What fails is said, not thrown. */
export declare function ensureEngines(say: (line: string) => void): void
