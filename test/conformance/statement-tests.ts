import { test } from 'vitest'
import type { Statement } from './statement.ts'
import { statements } from './statements.ts'
import { subject } from './support/subject.ts'

declare module 'vitest' {
  interface TaskMeta {
    /** What `scripts/conformance.mjs` makes a table of. */
    statement?: Pick<Statement, 'id' | 'title' | 'source'>
  }
}

/** One test per statement, wherever this is called. */
export function testEveryStatement(): void {
  for (const { id, title, source, check } of statements) {
    test(`${id}: ${title}`, ({ task }) => {
      task.meta.statement = { id, title, source }
      return check(subject)
    })
  }
}
