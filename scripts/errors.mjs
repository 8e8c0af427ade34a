// node scripts/errors.mjs: writes docs/errors.md from the table of core. A test holds the two against each other.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { transformSync } from 'esbuild'
import { ROOT } from './support/dependencies.mjs'

const TABLE = join(ROOT, 'packages', 'core', 'src', 'error-table.ts')
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

/** @returns {Promise<Readonly<Record<string, readonly [phase: keyof typeof PHASES, retryable: 0 | 1, message: string, hint: string]>>>} */
async function readTable() {
  // Node 20 reads no TypeScript, and the packages need no build for their documents.
  const { code } = transformSync(readFileSync(TABLE, 'utf8'), { loader: 'ts', format: 'esm' })
  const { errorTable } = await import(`data:text/javascript,${encodeURIComponent(code)}`)
  return errorTable
}

/** The text of `docs/errors.md`. */
export async function errorsDocument() {
  const rows = Object.entries(await readTable())
  const sections = Object.entries(PHASES).flatMap(([phase, title]) => {
    const own = rows.filter(([, row]) => row[0] === phase)
    return own.length > 0 ? ['', `## ${title}`, '', `\`phase: '${phase}'\``, ...table(own)] : []
  })
  return [...INTRODUCTION, ...sections, ''].join('\n')
}

const INTRODUCTION = [
  '<!-- Written by scripts/errors.mjs from packages/core/src/error-table.ts. Do not edit. -->',
  '',
  '# Errors of `@telnyx-oauth/core`',
  '',
  'Everything that can be expected to go wrong is a `TelnyxAuthError` with a `code` from this closed list. It is in the',
  'snapshot as `error`, or rejects the call that it concerns. Branch on `code`; show `message` and `hint`. `server` has',
  "the server's own words, which are foreign text: show them as text, never as HTML. No field ever holds a token, an",
  'authorization code or a code verifier.',
  '',
  'Codes of token requests also arise on the way back from the server: `phase` is `callback` then. Retryable means that',
  'the same call may succeed later without anyone changing anything; refreshes are tried again by themselves. Wrong',
  'options are a `TypeError` that names the option and its rule.',
]

/** @param {[string, readonly [string, 0 | 1, string, string]][]} rows */
function table(rows) {
  const lines = rows.map(
    ([code, [, retryable, message, hint]]) =>
      `| \`${code}\` | ${message}. | ${hint} | ${retryable ? 'yes' : 'no'} |`,
  )
  return ['', '| code | what happened | what to do | retryable |', '| --- | --- | --- | --- |', ...lines]
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(DOCUMENT, await errorsDocument())
