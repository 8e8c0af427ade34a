import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { PACKAGE_NAMES, type PackageName, readManifest } from './packages.ts'
import { runNode } from './run-node.ts'
import { ROOT } from './source-files.ts'

/** What `npm pack` made of one package. */
export interface Tarball {
  readonly name: PackageName
  readonly path: string
  /** What is in it, sorted, without the leading `package/`. */
  readonly files: readonly string[]
}

/** A project outside the repository that has installed the tarballs and nothing of the workspace. */
export interface Consumer {
  readonly folder: string
  readonly tarballs: readonly Tarball[]
}

/**
 * Builds and packs every package and unpacks the tarballs into an empty project. What they depend on is linked, so that
 * no registry is asked.
 *
 * @param folder an empty folder outside the repository
 * @throws Error with the compiler's output when a package does not build
 */
export async function createConsumer(folder: string): Promise<Consumer> {
  const build = await runNode(['scripts/build.mjs'])
  if (build.code !== 0) throw new Error(build.output)
  const tarballs = pack(folder)
  writeFileSync(join(folder, 'package.json'), '{ "name": "consumer", "private": true, "type": "module" }\n')
  for (const tarball of tarballs) install(tarball, folder)
  for (const name of [
    'react',
    '@types/react',
    'csstype',
    'vite',
    'vitest',
    '@playwright/test',
    'typescript',
    '@types/node',
    'undici-types',
  ])
    link(name, ROOT, folder)
  return { folder, tarballs }
}

function pack(folder: string): Tarball[] {
  const workspaces = PACKAGE_NAMES.map((name) => `--workspace=packages/${name}`)
  const args = [
    'pack',
    '--json',
    '--ignore-scripts',
    '--loglevel=error',
    `--pack-destination=${folder}`,
    ...workspaces,
  ]
  const output = execFileSync('npm', args, {
    cwd: ROOT,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  })
  const packed: { name: string; filename: string; files: { path: string }[] }[] = JSON.parse(output)
  return PACKAGE_NAMES.map((name) => {
    const one = packed.find((candidate) => candidate.name === `@telnyx-oauth/${name}`)
    if (!one) throw new Error(`npm pack made no tarball of ${name}`)
    return { name, path: join(folder, one.filename), files: one.files.map((file) => file.path).sort() }
  })
}

function install(tarball: Tarball, folder: string): void {
  const target = join(folder, 'node_modules', '@telnyx-oauth', tarball.name)
  mkdirSync(target, { recursive: true })
  execFileSync('tar', ['-xzf', tarball.path, '-C', target, '--strip-components=1'])
  for (const name of Object.keys(readManifest(target).dependencies ?? {})) {
    if (!name.startsWith('@telnyx-oauth/')) link(name, join(ROOT, 'packages', tarball.name), folder)
  }
}

/** Links a package as a lookup from inside `from` finds it. */
function link(name: string, from: string, folder: string): void {
  const nested = join(from, 'node_modules', name)
  const source = existsSync(nested) ? nested : join(ROOT, 'node_modules', name)
  const target = join(folder, 'node_modules', name)
  mkdirSync(dirname(target), { recursive: true })
  if (!existsSync(target)) symlinkSync(source, target, 'junction')
}
