export type { ResourceToken } from './use-suspense-telnyx-resource-token.ts'
export { useSuspenseTelnyxResourceToken } from './use-suspense-telnyx-resource-token.ts'
