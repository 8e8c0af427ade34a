import { expect, test } from 'vitest'
import type { Statement, Subject } from './statement.ts'
import { statements } from './statements.ts'
import { mutatedSubject } from './support/mutated-subject.ts'

/** Broken code may wait for what never comes. */
const patienceMs = 5000

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

async function broken(subject: Subject): Promise<string[]> {
  const ids: string[] = []
  for (const statement of statements) if (!(await holds(statement, subject))) ids.push(statement.id)
  return ids
}

// What is broken anyway is one failure, and not one of every change.
const brokenBefore = await broken(await mutatedSubject())

test('a copy of core in which nothing is changed breaks no statement', () => {
  expect(brokenBefore).toEqual([])
})

for (const { id, mutation } of statements) {
  test(`${id} alone is broken by a change in ${mutation.file}`, async () => {
    const ids = await broken(await mutatedSubject(mutation))
    expect(ids.filter((one) => !brokenBefore.includes(one))).toEqual([id])
  })
}
