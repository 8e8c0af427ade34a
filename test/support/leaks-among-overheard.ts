import { inspect } from 'node:util'
import { takeOverheard } from './overheard.ts'

/** Everything a log could make of it: fields, causes, stacks, and what only `inspect` shows. */
export const spell = (value: unknown): string =>
  `${JSON.stringify(value)} ${String(value)} ${inspect(value, { depth: null, showHidden: true })}`

/** The words in which a secret was told since the last call. */
export function leaksAmongOverheard(): readonly string[] {
  const { secrets, told } = takeOverheard()
  return told.map(spell).filter((words) => [...secrets].some((secret) => words.includes(secret)))
}
