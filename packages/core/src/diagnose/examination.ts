import type { Context } from '../context.ts'
import type { Finding, FindingCheck } from '../finding.ts'
import type { BrowserFacts } from '../ports/browser-facts.ts'
import type { Prover } from '../protocol/dpop.ts'
import type { Metadata } from '../protocol/transport.ts'

/** How long each question may stay unanswered. */
export const patienceMs = 5000

/** An answer that this page could read. */
export interface SeenResponse {
  readonly response: Response
  readonly receivedAtMs: number
}

/** What every check may use, and what one leaves for those after it. */
export interface Examination {
  readonly context: Context
  readonly facts: BrowserFacts
  /** The origin of the page. */
  readonly origin: string
  /** Every answer of a server so far. */
  readonly seen: SeenResponse[]
  /** Origins that the Content Security Policy forbids requests to, as far as they were tried. */
  readonly forbidden: Set<string>
}

/** What the servers said of themselves, and how to talk to them. */
export interface ServersExamined {
  /** `undefined`: it could not be read. */
  readonly metadata: Metadata | undefined
  /** Signs requests as a session would, where sessions are bound to a key. */
  readonly prover: Prover | undefined
}

/** Something to be found out. */
export type Examine = (examination: Examination) => Promise<readonly Finding[]> | readonly Finding[]

/** All is well. */
export const ok = (check: FindingCheck, sentence: string, remedy?: string): Finding =>
  finding(check, 'ok', sentence, remedy)

/** It works, but something is lost. */
export const warning = (check: FindingCheck, sentence: string, remedy?: string): Finding =>
  finding(check, 'warning', sentence, remedy)

/** It does not work. */
export const problem = (check: FindingCheck, sentence: string, remedy: string): Finding =>
  finding(check, 'problem', sentence, remedy)

/** Nobody can tell from here. */
export const unknown = (check: FindingCheck, sentence: string, remedy?: string): Finding =>
  finding(check, 'unknown', sentence, remedy)

function finding(
  check: FindingCheck,
  result: Finding['result'],
  sentence: string,
  remedy: string | undefined,
): Finding {
  return Object.freeze({ check, result, sentence, ...(remedy && { remedy }) })
}
