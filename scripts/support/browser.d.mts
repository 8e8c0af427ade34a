/** What a headless Chromium is started with, so that it opens no connection of its own. */
export declare const CHROMIUM_FLAGS: readonly string[]

/** The path of a Chromium or Chrome on this machine, if there is one. `CHROME_PATH` comes first. */
export declare function findBrowser(env?: NodeJS.ProcessEnv): string | undefined

/** As `findBrowser`, but installs one on Debian and Ubuntu when run by root. @throws Error that says what to install */
export declare function ensureBrowser(say: (line: string) => void): string
