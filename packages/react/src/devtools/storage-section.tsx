import type { Finding } from '@telnyx-oauth/core'
import type { ReactElement } from 'react'
import { describeEvent } from './describe-event.ts'
import { Section } from './section.tsx'
import type { Devtools } from './use-devtools.ts'
import { timeOf } from './words.ts'

interface StorageSectionProps {
  readonly devtools: Devtools
  /** What a diagnosis found, if there was one. */
  readonly findings: readonly Finding[] | undefined
}

/** What went wrong with storage since the page was loaded, and what a diagnosis says of it. */
export function StorageSection({ devtools, findings = [] }: StorageSectionProps): ReactElement {
  const { entries, nowMs } = devtools
  const isAbout = ({ check }: Finding) => check === 'storage' || check === 'persistence'
  const troubles = entries
    .filter(({ event }) => event.type === 'storage-degraded')
    .map(({ event }) => `${timeOf(event.atMs, nowMs)} ${describeEvent(event)}`)
  const health = findings.filter(isAbout).map(({ sentence }) => sentence)
  return (
    <Section title="Storage">
      {troubles.length === 0 && <p>No trouble since this panel listens.</p>}
      {[...troubles, ...health].map((sentence) => (
        <p key={sentence}>{sentence}</p>
      ))}
    </Section>
  )
}
