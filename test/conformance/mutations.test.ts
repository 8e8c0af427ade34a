// Shows that the test of each statement can fail: core is broken where the statement is about.
//
//   TEST_LONG=1 npx vitest run --project conformance    every statement, and each under every mutation: few others may notice
import { describe, expect, test } from 'vitest'
import { isLong, sample } from '../support/is-long.ts'
import type { Statement, Subject } from './statement.ts'
import { statements } from './statements.ts'
import { mutatedSubject } from './support/mutated-subject.ts'

/** Broken code may wait for what never comes. */
const patienceMs = 5000

/** So many of the other statements may notice a mutation as well: they share what was broken. */
const mostOthers = Math.floor(statements.length / 10)

async function holds({ check }: Statement, subject: Subject): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const tooLong = new Promise<never>((_, reject) => {
    timer = setTimeout(reject, patienceMs, new Error('The check does not end'))
  })
  try {
    await Promise.race([check(subject), tooLong])
    return true
  } catch {
    return false
  } finally {
    clearTimeout(timer)
  }
}

async function broken(among: readonly Statement[], subject: Subject): Promise<string[]> {
  const ids: string[] = []
  for (const statement of among) if (!(await holds(statement, subject))) ids.push(statement.id)
  return ids
}

test('a copy of core in which nothing is replaced breaks no statement', async () => {
  expect(await broken(statements, await mutatedSubject())).toEqual([])
})

describe('a core that breaks a statement fails its test', () => {
  test.each(sample(statements))('$id: $title', async (statement) => {
    const subject = await mutatedSubject(statement.mutation)
    const ids = await broken(isLong ? statements : [statement], subject)
    expect(ids).toContain(statement.id)
    expect(ids.length - 1, `also broken: ${ids}`).toBeLessThanOrEqual(mostOthers)
  })
})
