import type { IncomingMessage } from 'node:http'
import type { RequestHandler } from '../http/read-bodies.ts'

/** The way on which requests come to the emulator. */
export interface Entrance {
  /** Where the emulator is reached, without a trailing slash. @throws {Error} before it was opened */
  url(): string
  /** The issuer that a request is meant for; `undefined`: the emulator at `url()`, by whatever name it is reached. */
  issuerOf(request?: IncomingMessage): string | undefined
  open(handle: RequestHandler): Promise<void>
  close(): Promise<void>
}
