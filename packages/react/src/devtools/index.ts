export type { TelnyxAuthDevtoolsProps } from './telnyx-auth-devtools.ts'
export { TelnyxAuthDevtools } from './telnyx-auth-devtools.ts'
