import { delimiter, join } from 'node:path'

/**
 * Where programs of these names would be on the `PATH`, in the order of the names.
 *
 * @param {NodeJS.ProcessEnv} env
 * @param {readonly string[]} names
 */
export function onPath(env, names) {
  const folders = (env.PATH ?? '').split(delimiter).filter(Boolean)
  const suffix = process.platform === 'win32' ? '.exe' : ''
  return names.flatMap((name) => folders.map((folder) => join(folder, name + suffix)))
}
