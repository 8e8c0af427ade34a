// npm run build: plain tsc, package by package, in the order in which they import each other.
import { chmodSync, existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { runNode } from './support/child.mjs'
import { ensureDependencies, ROOT } from './support/install.mjs'

const PACKAGES = ['core', 'react', 'api', 'emulator']

/** What tsc keeps from the sources, and what would be noticed only by a user if it ever did not. */
const FIRST_LINES = [
  ...[
    'auth-provider',
    'guards',
    'use-telnyx-auth',
    'resource/use-suspense-telnyx-resource-token',
    'devtools/telnyx-auth-devtools',
  ].map((name) => ({
    path: `packages/react/dist/${name}.js`,
    line: /^'use client';?$|^"use client";?$/,
    chmod: false,
  })),
  { path: 'packages/emulator/dist/cli.js', line: /^#!\/usr\/bin\/env node$/, chmod: true },
]

try {
  ensureDependencies()
  for (const name of PACKAGES) await build(name)
  FIRST_LINES.forEach(checkFirstLine)
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}

/** @param {string} name */
async function build(name) {
  const started = Date.now()
  const folder = join('packages', name)
  rmSync(join(ROOT, folder, 'dist'), { recursive: true, force: true })
  const code = await runNode(['node_modules/typescript/bin/tsc', '-p', join(folder, 'tsconfig.build.json')])
  if (code !== 0) throw new Error(`packages/${name} does not compile`)
  console.log(`packages/${name}/dist  ${((Date.now() - started) / 1000).toFixed(1)} s`)
}

/** @param {{ path: string, line: RegExp, chmod: boolean }} expected */
function checkFirstLine({ path, line, chmod }) {
  const file = join(ROOT, path)
  const [first = ''] = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : []
  if (!line.test(first)) throw new Error(`${path} must begin with ${line.source}, and begins with: ${first}`)
  if (chmod) chmodSync(file, 0o755)
}
