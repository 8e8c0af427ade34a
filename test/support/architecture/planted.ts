/** A file that most of them are planted in. */
export const FLOW: string = 'packages/core/src/flows/refresh.ts'

/** Each plants one violation in a file of its own and names what the check must say of it. */
export const PLANTED: readonly [title: string, path: string, text: string, answer: string][] = [
  [
    'oauth4webapi in a flow',
    FLOW,
    `import { None } from 'oauth4webapi'`,
    'imports oauth4webapi: only protocol/ may',
  ],
  [
    'oauth4webapi in a flow, late',
    FLOW,
    `export const late = (): unknown => import('oauth4webapi')`,
    'only protocol/ may',
  ],
  [
    'idb-keyval in the client',
    'packages/core/src/client.ts',
    `import { get } from 'idb-keyval'`,
    'only ports/ may',
  ],
  ['a third dependency of core', FLOW, `import { z } from 'zod'`, 'packages/core has two dependencies'],
  [
    'window in the session',
    'packages/core/src/session.ts',
    'export const url: string = window.location.href',
    'touches window: only ports/ may',
  ],
  [
    'a feature test for window',
    'packages/core/src/client.ts',
    `export const is: boolean = typeof window === 'object'`,
    'touches window',
  ],
  [
    'globalThis in protocol',
    'packages/core/src/protocol/tokens.ts',
    'export const f = (): unknown => globalThis.fetch',
    'touches globalThis',
  ],
  ['a location handed on', FLOW, 'export const page = { location }', 'touches location'],
  [
    'the clock in a model',
    'packages/core/src/model/tokens.ts',
    'export const now = (): number => Date.now()',
    'touches Date.now',
  ],
  [
    'a date of today in a model',
    'packages/core/src/model/retry.ts',
    'export const today = (): Date => new Date()',
    'touches Date',
  ],
  [
    'randomness in a model',
    'packages/core/src/model/retry.ts',
    'export const jitter = (): number => Math.random()',
    'touches Math.random',
  ],
  [
    'a timer in a flow',
    FLOW,
    'export const later = (f: () => void): void => void setTimeout(f, 1)',
    'touches setTimeout',
  ],
  [
    'a time-out signal in a flow',
    FLOW,
    'export const signal = (): AbortSignal => AbortSignal.timeout(1)',
    'touches AbortSignal.timeout',
  ],
  [
    'a flow in a port',
    'packages/core/src/ports/lock.ts',
    `import { refresh } from '../flows/refresh.ts'`,
    'no arrow leads from ports to flows',
  ],
  [
    'a flow in a model, as a type',
    'packages/core/src/model/lease.ts',
    `import type { Plan } from '../flows/refresh.ts'`,
    'no arrow leads from model to flows',
  ],
  [
    'a value of a port in the context',
    'packages/core/src/context.ts',
    `import { createLock } from './ports/lock.ts'`,
    'from context to ports, but for types',
  ],
  [
    'a file that belongs nowhere',
    'packages/core/src/utils.ts',
    `import { a } from './errors.ts'`,
    'belongs to no layer',
  ],
  [
    'an import without its extension',
    FLOW,
    `import { a } from './adopt'`,
    'relative imports name the .ts or .tsx file',
  ],
  [
    'core in the REST client',
    'packages/api/src/api.ts',
    `import { createTelnyxAuth } from '@telnyx-oauth/core'`,
    'packages/api may not',
  ],
  [
    'core in the REST client, by its path',
    'packages/api/src/api.ts',
    `import { a } from '../../core/src/client.ts'`,
    'no file outside them',
  ],
  [
    'idb-keyval in React',
    'packages/react/src/guards.tsx',
    `import { get } from 'idb-keyval'`,
    'packages/react may not',
  ],
  [
    'document in React',
    'packages/react/src/guards.tsx',
    'export const title = (): string => document.title',
    'touches document',
  ],
  [
    'document in the devtools',
    'packages/react/src/devtools/shadow.tsx',
    'export const title = (): string => document.title',
    'touches document',
  ],
  [
    'a portal outside the devtools',
    'packages/react/src/guards.tsx',
    `import { createPortal } from 'react-dom'`,
    'packages/react may not',
  ],
  [
    'core in the emulator',
    'packages/emulator/src/store.ts',
    `import { a } from '@telnyx-oauth/core'`,
    'packages/emulator may not',
  ],
  [
    'the emulator in core',
    FLOW,
    `import { createEmulator } from '@telnyx-oauth/emulator'`,
    'the emulator is for the demo',
  ],
  [
    'the emulator in the React package',
    'packages/react/src/guards.tsx',
    `import { a } from '../../emulator/src/index.ts'`,
    'the emulator is for the demo',
  ],
  ['a class that is no error', FLOW, 'export class Refresher {}', 'has a class that is no error'],
  [
    'a class that only looks like an error',
    FLOW,
    'export class RefreshError {}',
    'has a class that is no error',
  ],
  [
    'a default export',
    'packages/react/src/guards.tsx',
    'export default function Guard(): void {}',
    'has a default export',
  ],
  ['a default export by name', FLOW, 'const a = 1\nexport { a as default }', 'has a default export'],
  [
    'a barrel',
    'packages/core/src/flows/all.ts',
    `export * from './refresh.ts'`,
    'exports everything of another file',
  ],
  [
    'code in an index',
    'packages/core/src/index.ts',
    'export const version: string = ""',
    'does more than export names',
  ],
  [
    'state in a module',
    FLOW,
    'let tries = 0\nexport const next = (): number => ++tries',
    'keeps state in the module',
  ],
  ['a long file', 'demo/src/long.ts', '//\n'.repeat(251), 'has 251 lines: 250 are the limit'],
  ['a long test', 'test/unit/long.test.ts', '//\n'.repeat(401), 'has 401 lines: 400 are the limit'],
  [
    'a long function',
    FLOW,
    `export function long(): void {\n${'  //\n'.repeat(59)}}`,
    'has a function of 61 lines',
  ],
]

/** What looks like a violation and is none. */
export const ALLOWED: readonly [title: string, path: string, text: string][] = [
  ['oauth4webapi in protocol', 'packages/core/src/protocol/tokens.ts', `import { None } from 'oauth4webapi'`],
  [
    'window in a port',
    'packages/core/src/ports/page.ts',
    'export const url = (): string => window.location.href',
  ],
  ['a parameter called location', FLOW, 'export const path = (location: URL): string => location.pathname'],
  ['a property called history', FLOW, 'export const f = (a: { history: number }): number => a.history'],
  ['a local called self', FLOW, 'export function f(): number {\n  const self = 1\n  return self\n}'],
  ['a type called Date', FLOW, 'export const year = (date: Date): number => date.getFullYear()'],
  [
    'parsing a date',
    'packages/core/src/model/retry.ts',
    'export const at = (text: string): number => Date.parse(text)',
  ],
  [
    'a type of the session in a model',
    'packages/core/src/model/tokens.ts',
    `import type { Token } from '../session.ts'`,
  ],
  ['an error class', 'packages/core/src/errors.ts', 'export class TelnyxAuthError extends Error {}'],
  [
    'a directive before the names',
    'packages/react/src/index.ts',
    `'use client'\nexport { a } from './guards.tsx'`,
  ],
  [
    'a listener in React',
    'packages/react/src/guards.tsx',
    `export const f = (g: () => void): void => addEventListener('pageshow', g)`,
  ],
  [
    'a portal in the devtools',
    'packages/react/src/devtools/shadow.tsx',
    `import { createPortal } from 'react-dom'`,
  ],
  [
    'the page in the one file of the devtools that may',
    'packages/react/src/devtools/browser.ts',
    'export const now = (): number => Date.now()',
  ],
  ['the default export of the configuration', 'vite.config.ts', 'export default {}'],
  [
    'the emulator in a test',
    'test/journeys/a.test.ts',
    `import { createEmulator } from '@telnyx-oauth/emulator'`,
  ],
  [
    'the clock in the emulator',
    'packages/emulator/src/store.ts',
    'export const now = (): number => Date.now()',
  ],
]
