'use client'

export type { ResourceToken } from './use-suspense-telnyx-token.ts'
export { useSuspenseTelnyxToken } from './use-suspense-telnyx-token.ts'
