// Node runs no TypeScript before 22: what a benchmark takes from the sources is bundled first.
import { resolve } from 'node:path'
import { build } from 'esbuild'

/** Makes one module for Node of `entry`, a path below the root, and of what it imports but packages. */
export async function compile(entry, outfile) {
  await build({
    entryPoints: [entry],
    outfile,
    absWorkingDir: resolve(import.meta.dirname, '..'),
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    logLevel: 'error',
  })
}
