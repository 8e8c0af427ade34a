import { test } from 'vitest'
import type { Statement } from './statement.ts'
import { statements } from './statements.ts'
import { subject } from './support/subject.ts'

declare module 'vitest' {
  interface TaskMeta {
    /** What `scripts/conformance.mjs` makes a table of. */
    statement?: Omit<Statement, 'check'>
  }
}

/** One test per statement, wherever this is called. */
export function testEveryStatement(): void {
  for (const { check, ...statement } of statements) {
    test(`${statement.id}: ${statement.title}`, ({ task }) => {
      task.meta.statement = statement
      return check(subject)
    })
  }
}
