// Runs around every test of a suite that names it in `setupFiles`: no test of a flow or a fault can forget to look.
import { afterEach, expect } from 'vitest'
import { leaksAmongOverheard } from './leaks-among-overheard.ts'

afterEach(() => {
  expect(leaksAmongOverheard(), 'words that hold a token, a code or a verifier').toEqual([])
})
