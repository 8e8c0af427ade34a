import type { SessionState } from '../context.ts'
import { developerHint } from '../errors/developer-hints.ts'
import type { Finding } from '../finding.ts'
import { type Examine, ok, unknown, warning } from './examination.ts'

/** What the session of this tab may lack. */
function examineCurrent({ current, replaces }: SessionState): Finding {
  if (replaces) {
    const sentence =
      'A user is signed in, but the storage has not taken the newest tokens yet: they end with this page.'
    return warning('session', sentence, 'See what was found about the storage.')
  }
  if (!current?.refreshToken) {
    return warning(
      'session',
      'Somebody is signed in, without a refresh token: the session ends when the access token expires.',
      'Register the client with the grant type refresh_token.',
    )
  }
  return ok('session', 'Somebody is signed in, and the access token can be renewed.')
}

/** What this tab holds, without touching it. */
export const examineSession: Examine = ({ context }) => {
  const { snapshots, state } = context
  const snapshot = snapshots.getSnapshot()
  const rotation = unknown(
    'rotation',
    'Whether refresh tokens rotate cannot be determined without spending one. Both work.',
  )
  if (snapshot.status === 'pending') {
    const sentence = 'Whether somebody is signed in cannot be determined: the client is not ready.'
    return [rotation, unknown('session', sentence, 'Call ready() first.')]
  }
  const { error } = snapshot
  if (error) {
    const who = snapshot.status === 'signed-in' ? 'Somebody is signed in, but' : 'Nobody is signed in:'
    return [rotation, warning('session', `${who} ${error.message}.`, developerHint(error))]
  }
  if (snapshot.status === 'signed-out' || !state.session.current)
    return [rotation, ok('session', 'Nobody is signed in.')]
  return [rotation, examineCurrent(state.session)]
}
