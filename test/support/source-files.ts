import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'

/** The repository's folder. */
export const ROOT: string = resolve(import.meta.dirname, '../..')

const SKIPPED = new Set(['node_modules', 'dist', 'coverage', '.git'])

/**
 * The text of every file under some folders of the repository.
 *
 * @param folders below the root; a name of a file stands for itself
 * @param pattern which file names are meant
 * @returns path below the root, with forward slashes, to text
 */
export function readFiles(folders: readonly string[], pattern: RegExp): Map<string, string> {
  const paths = folders.flatMap((folder) =>
    statSync(join(ROOT, folder)).isFile() ? [folder] : pathsUnder(folder, pattern),
  )
  return new Map(paths.sort().map((path) => [path, readFileSync(join(ROOT, path), 'utf8')]))
}

function pathsUnder(folder: string, pattern: RegExp): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder === '.' ? entry.name : `${folder}/${entry.name}`
    if (entry.isDirectory()) return SKIPPED.has(entry.name) ? [] : pathsUnder(path, pattern)
    return pattern.test(entry.name) ? [path] : []
  })
}
