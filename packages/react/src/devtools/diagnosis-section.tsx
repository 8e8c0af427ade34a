import type { Finding } from '@telnyx-oauth/core'
import type { ReactElement } from 'react'
import { Section } from './section.tsx'
import type { Diagnosis } from './use-diagnosis.ts'

const order = ['problem', 'warning', 'unknown', 'ok'] as const
const tones = { problem: 'bad', warning: 'bad', unknown: 'plain', ok: 'good' } as const

/** What works here and what does not, in sentences: what is wrong comes first. */
export function DiagnosisSection({ diagnosis }: { readonly diagnosis: Diagnosis }): ReactElement {
  const { findings, isUnderWay, run } = diagnosis
  return (
    <Section title="Diagnosis">
      <p>
        <button type="button" aria-disabled={isUnderWay} onClick={() => void (isUnderWay || run())}>
          {isUnderWay ? 'Looking around…' : 'Diagnose'}
        </button>{' '}
        asks the servers with made-up codes and tokens: their refusals are noted in the console.
      </p>
      {findings && (
        <ul aria-label="Findings">
          {sorted(findings).map(({ check, result, sentence, remedy }) => (
            <li key={check + sentence} data-tone={tones[result]}>
              <code>{result}</code> {sentence} {remedy}
            </li>
          ))}
        </ul>
      )}
    </Section>
  )
}

const sorted = (findings: readonly Finding[]): readonly Finding[] =>
  order.flatMap((result) => findings.filter((finding) => finding.result === result))
