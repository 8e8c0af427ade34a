import type { SharedWorkerProblem } from '../ports/refresh-worker-client.ts'
import { type Examine, ok, warning } from './examination.ts'

const copyScript =
  'Copy @telnyx-oauth/core/refresh-worker.js to the origin of the app, and pass its URL: sharedWorkerFetch({ url }).'

/** Per problem: its cause and its remedy. */
const problems: Readonly<Record<SharedWorkerProblem, readonly [cause: string, remedy: string]>> = {
  unsupported: ['this browser has no SharedWorker or no Web Locks', 'Use a newer browser, over https.'],
  'no-script-url': ['this bundle has no import.meta.url to find its script with', copyScript],
  forbidden: [
    'a policy of this page or the origin of its script forbids it',
    "Allow worker-src 'self' and trusted-types telnyx-oauth, and serve the script on the origin of the app.",
  ],
  'not-loaded': [
    'its script is missing, is no JavaScript, or is forbidden by worker-src',
    `${copyScript} Allow worker-src 'self'.`,
  ],
  'no-response': ['its script was not loaded within 5 seconds, or is another script', copyScript],
  unreachable: [
    'it cannot reach the token endpoint, which this tab can',
    'Let connect-src, in the policy that its script is served with, name the token endpoint.',
  ],
}

/** The SharedWorker, in case the client was given `sharedWorkerFetch()`. */
export const examineSharedWorker: Examine = async ({ context }) => {
  const { fetch } = context.options
  if (!fetch?.problem) return []
  const problem = await fetch.problem()
  if (!problem) {
    return [ok('shared-worker', 'A SharedWorker sends the refresh requests: a reload loses none of them.')]
  }
  const [cause, remedy] = problems[problem]
  const sentence = `The SharedWorker is not used, because ${cause}: a reload in the middle of a refresh can end the session.`
  return [warning('shared-worker', sentence, remedy)]
}
