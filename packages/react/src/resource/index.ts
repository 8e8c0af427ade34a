'use client'

export type { ChosenToken } from './use-suspense-telnyx-token.ts'
export { useSuspenseTelnyxToken } from './use-suspense-telnyx-token.ts'
