import { loadMutatedCore } from '../../support/mutated-core.ts'
import type { Mutation } from '../../support/mutation.ts'
import type { Subject } from '../statement.ts'
import { subject } from './subject.ts'

/** The subject, made of a copy of core in which one export is replaced. */
export const mutatedSubject = (mutation?: Mutation): Promise<Subject> =>
  loadMutatedCore<Subject>(Object.keys(subject) as (keyof Subject)[], mutation && [mutation])
