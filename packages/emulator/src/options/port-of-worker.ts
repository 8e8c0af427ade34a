import { DEFAULT_PORT } from './resolve-options.ts'

/** The port of one of several workers: the first one has the port of the options, the others those behind it. */
export function portOfWorker(port: number | undefined, workerIndex: number): number {
  // 0 lets the operating system choose.
  return port === 0 ? 0 : (port ?? DEFAULT_PORT) + workerIndex
}
