import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from './source-files.ts'

/** What is published, in the order in which the packages import each other. */
export const PACKAGE_NAMES = ['core', 'react', 'api', 'emulator'] as const
export type PackageName = (typeof PACKAGE_NAMES)[number]

/** The part of a `package.json` that the tests read. */
export interface PackageManifest {
  readonly name: string
  readonly version: string
  readonly exports: Readonly<Record<string, string | Readonly<Record<string, string>>>>
  readonly dependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
  readonly bin?: Readonly<Record<string, string>>
}

/**
 * Reads a `package.json`.
 *
 * @param folder where it is; below the repository's root unless absolute
 */
export function readManifest(folder: string): PackageManifest {
  return JSON.parse(readFileSync(join(folder.startsWith('/') ? '' : ROOT, folder, 'package.json'), 'utf8'))
}

/** The subpaths that an app may import, `.` first; `./package.json` is data and left out. */
export function entriesOf(manifest: PackageManifest): string[] {
  return Object.keys(manifest.exports).filter((path) => !path.endsWith('.json') && !path.endsWith('.js'))
}
