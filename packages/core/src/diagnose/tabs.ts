import { webLock } from '../ports/lock.ts'
import { type Examine, ok, patienceMs, problem, warning } from './examination.ts'

/** Web Locks: the browser has them, and grants one. */
export const examineLocks: Examine = async ({ context, facts }) => {
  const { lock = webLock(), sessionKey } = context
  if (!facts.hasLocks()) {
    const sentence =
      'There are no Web Locks here: leases in the storage keep tabs from refreshing twice, but slower.'
    return [warning('locks', sentence, 'Serve the page over https, or use a newer browser.')]
  }
  let isHeld = false
  await lock.run(`${sessionKey} diagnosis`, patienceMs, async (held) => {
    isHeld = held
  })
  if (isHeld) return [ok('locks', 'Web Locks are there, and one was granted.')]
  return [
    problem(
      'locks',
      `There are Web Locks, but none was granted within ${patienceMs / 1000} seconds: refreshes are slow.`,
      'Close the other tabs of the app: one of them may hang.',
    ),
  ]
}

/** BroadcastChannel: whether tabs hear each other. */
export const examineChannel: Examine = async ({ context, facts }) => {
  const late = 'so other tabs learn of a sign-out or a newer token only when they are shown again'
  if (!facts.hasChannel()) {
    return [warning('channel', `There is no BroadcastChannel here, ${late}.`, 'Use a newer browser.')]
  }
  const giveUp = new AbortController()
  const cancel = context.clock.setTimer(patienceMs, () => giveUp.abort())
  const isHeard = await facts.doChannelsWork(giveUp.signal).finally(cancel)
  if (isHeard) return [ok('channel', 'Messages between tabs arrive (BroadcastChannel).')]
  return [warning('channel', `BroadcastChannel carries no messages here, ${late}.`, 'Use a newer browser.')]
}
