import type { Finding, TelnyxAuth } from '@telnyx-oauth/core'
import { useState } from 'react'

/** What the client found out about where it runs, since somebody asked. */
export interface Diagnosis {
  readonly findings: readonly Finding[] | undefined
  readonly isUnderWay: boolean
  readonly run: () => Promise<void>
}

/** Asks the client to look around, when told to: this asks servers, so it does not happen by itself. */
export function useDiagnosis({ diagnose }: TelnyxAuth): Diagnosis {
  const [findings, setFindings] = useState<readonly Finding[]>()
  const [isUnderWay, setUnderWay] = useState(false)
  const run = async () => {
    setUnderWay(true)
    setFindings(await diagnose())
    setUnderWay(false)
  }
  return { findings, isUnderWay, run }
}
