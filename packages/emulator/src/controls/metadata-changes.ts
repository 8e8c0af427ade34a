/** The documents that can be changed while the emulator runs, by the names of their endpoints. */
export type ChangeableDocument = 'metadata' | 'resource-metadata'

/** A change of metadata that stands until it is taken back. */
export interface StandingChange {
  remove(): void
}

export interface MetadataChanges {
  add(document: ChangeableDocument, members: Readonly<Record<string, unknown>>): StandingChange
  /** The document with every change made; a member that is `null` is left out. */
  apply(
    document: ChangeableDocument,
    served: Readonly<Record<string, unknown>>,
  ): Readonly<Record<string, unknown>>
  clear(): void
}

export function createMetadataChanges(): MetadataChanges {
  const standing = new Set<{ document: ChangeableDocument; members: Readonly<Record<string, unknown>> }>()

  return {
    add(document, members) {
      const change = { document, members }
      standing.add(change)
      return { remove: () => void standing.delete(change) }
    },
    apply(document, served) {
      const changes = [...standing].filter((change) => change.document === document)
      const changed = Object.assign({}, served, ...changes.map(({ members }) => members)) as typeof served
      return Object.fromEntries(Object.entries(changed).filter(([, value]) => value !== null))
    },
    clear() {
      standing.clear()
    },
  }
}
