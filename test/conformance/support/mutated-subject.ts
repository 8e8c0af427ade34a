import { compileFunction } from 'node:vm'
import { bundleCore, type Mutation, mutate } from '../../support/mutated-core.ts'
import type { DocumentPath, Subject } from '../statement.ts'
import { subject } from './subject.ts'

const entry = `
  export { createClient } from './client.ts'
  export { obtainClient } from './flows/obtain-client.ts'
  export { resolveOptions } from './options.ts'
  export { broadcastChannel } from './ports/channel.ts'
  export { indexedDbStorage } from './ports/indexed-db.ts'
  export { listenToPopup, reportToOpener } from './ports/popup-window.ts'
`

const isDocument = (file: string): file is DocumentPath => Object.hasOwn(subject.documents, file)

/** The subject with one thing changed: in a copy of core, or in a copy of a document. */
export async function mutatedSubject(mutation?: Mutation): Promise<Subject> {
  const { documents } = subject
  if (mutation && isDocument(mutation.file)) {
    const text = mutate(documents[mutation.file], mutation)
    return { ...subject, documents: { ...documents, [mutation.file]: text } }
  }
  const bundle = await bundleCore(entry, mutation ? [mutation] : [])
  const module = { exports: {} as Omit<Subject, 'documents'> }
  compileFunction(bundle, ['module', 'exports'], { filename: 'core.cjs' })(module, module.exports)
  // A getter per export is what a bundler makes; checks hand the functions on.
  return { ...module.exports, documents }
}
