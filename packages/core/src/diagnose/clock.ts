import { ask } from './ask.ts'
import { type Examination, type Examine, ok, type SeenResponse, unknown, warning } from './examination.ts'

/** Dates of HTTP have whole seconds, and answers take their time: less than that is no error. */
const toleranceMs = 60_000

/** By how much the clock here is ahead of the server's; `undefined` where the answer does not tell. */
function errorMs({ response, receivedAtMs }: SeenResponse): number | undefined {
  const dateMs = Date.parse(response.headers.get('date') ?? '')
  // A copy in a cache carries the date of the original.
  const ageMs = Number(response.headers.get('age') ?? 0) * 1000
  return Number.isFinite(dateMs + ageMs) ? receivedAtMs - dateMs - ageMs : undefined
}

/** `Date` is hidden across origins, as a rule: the server of the page itself knows the time, too. */
async function askOwnServer(examination: Examination): Promise<void> {
  const { facts, origin } = examination
  if (!facts.isIntercepted()) await ask(examination, ({ fetch }) => fetch(`${origin}/`, { method: 'HEAD' }))
}

/** The clock of this machine, held against one of a server. Run it after the requests. */
export const examineClock: Examine = async (examination) => {
  const { seen } = examination
  const find = () => seen.map(errorMs).find((error) => error !== undefined)
  if (find() === undefined) await askOwnServer(examination)
  const error = find()
  if (error === undefined) {
    return [
      unknown(
        'clock',
        'Whether the clock is right cannot be determined: no server lets this page read its Date.',
      ),
    ]
  }
  if (Math.abs(error) < toleranceMs) return [ok('clock', 'The clock of this device is right.')]
  const minutes = Math.round(Math.abs(error) / 60_000)
  const sentence = `The clock of this device is ${minutes} min ${error > 0 ? 'ahead of' : 'behind'} that of a server.`
  const lost = 'Sessions bear that; ID tokens and DPoP proofs, which carry times, may be refused.'
  return [warning('clock', `${sentence} ${lost}`, 'Let the system set the clock.')]
}
