// node scripts/errors.mjs: writes docs/errors.md from the tables of core. A test compares the two.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { ROOT } from './support/install.mjs'

const SOURCES = join(ROOT, 'packages', 'core', 'src')
export const DOCUMENT = join(ROOT, 'docs', 'errors.md')

const PHASES = {
  discovery: 'Finding out about the server',
  'sign-in': 'Leaving for the server',
  callback: 'Coming back from the server',
  refresh: 'Getting the next token',
  session: 'While signed in',
  storage: 'Keeping the session in the browser',
  fetch: 'Calling a resource with `fetch`',
  'sign-out': 'Signing out',
  registration: 'Registering the app with `registerClient`',
}

/** @typedef {{ code: string, phase: string, retryable: boolean, message: string, hint: string }} Row */

/** @returns {Promise<readonly Row[]>} */
async function readRows() {
  // Node 20 reads no TypeScript, and the packages need no build for their documents.
  const { outputFiles } = await build({
    stdin: {
      resolveDir: SOURCES,
      contents: `
        import { errorTable } from './error-table.ts'
        import { TelnyxAuthError } from './errors.ts'
        import { developerHint, userMessage } from './messages.ts'
        export const rows = Object.keys(errorTable).map((code) => {
          const error = new TelnyxAuthError(code)
          const { phase, retryable } = error
          return { code, phase, retryable, message: userMessage(error), hint: developerHint(error) }
        })`,
    },
    bundle: true,
    write: false,
    format: 'esm',
  })
  const { rows } = await import(`data:text/javascript,${encodeURIComponent(outputFiles[0]?.text ?? '')}`)
  return rows
}

/** The text of `docs/errors.md`. */
export async function errorsDocument() {
  const rows = await readRows()
  const sections = Object.entries(PHASES).flatMap(([phase, title]) => {
    const own = rows.filter((row) => row.phase === phase)
    return own.length > 0 ? ['', `## ${title}`, '', `\`phase: '${phase}'\``, ...table(own)] : []
  })
  return [...INTRODUCTION, ...sections, ''].join('\n')
}

const INTRODUCTION = [
  '<!-- Written by scripts/errors.mjs from the tables in packages/core/src. Do not edit. -->',
  '',
  '# Errors of `@telnyx-oauth/core`',
  '',
  'Everything that can be expected to go wrong is a `TelnyxAuthError` with a `code` from this closed list. It is in the',
  'snapshot as `error`, or rejects the call that it concerns. Branch on `code`. `message` is the code and its subject: the',
  'name or value at fault. The texts below are in the entry `@telnyx-oauth/core/messages`, where details of the error make',
  'some of them more precise. `server` has the words of the server, which are foreign text: show them as text, never as',
  'HTML. No field ever holds a token, an authorization code or a code verifier.',
  '',
  'Codes of token requests also arise on the way back from the server: `phase` is `callback` then. Retryable means that',
  'the same call may succeed later without anyone changing anything; refreshes are tried again by themselves. Wrong',
  'options are a `TypeError` that names the option and its rule.',
]

/** @param {readonly Row[]} rows */
function table(rows) {
  const lines = rows.map(
    ({ code, retryable, message, hint }) =>
      `| \`${code}\` | ${hint} | ${message} | ${retryable ? 'yes' : 'no'} |`,
  )
  return ['', '| code | for developers | for users | retryable |', '| --- | --- | --- | --- |', ...lines]
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(DOCUMENT, await errorsDocument())
