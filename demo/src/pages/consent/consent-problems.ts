import type { Problem } from '../../words/problem.ts'

/** The page is shown inside of another one. */
export const FRAMED: Problem = {
  title: 'This page is inside of another one',
  message: 'Whoever put it there could make you press a button that you cannot see.',
  hint: 'Open it in a tab of its own.',
}

/** The server sent the browser somewhere else than it had said. */
export const LEADS_ELSEWHERE: Problem = {
  title: 'The way back is not the one that was shown',
  message: 'Your decision is made, but the answer leads to another address than the app has given.',
  hint: 'Do not go on. Begin again in the app, and tell its makers if this happens once more.',
}
