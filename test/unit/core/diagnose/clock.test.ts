import { describe } from 'vitest'
import { json } from '../../../support/model-server.ts'
import { answering, type Circumstances } from './support/diagnosis.ts'
import { testCases } from './test-cases.ts'

const tokenPath = '/v2/oauth/token'
const app = 'http://localhost:5173'

describe('the clock', () => {
  const dated = (date: Date, headers = {}) =>
    answering(tokenPath, () =>
      json({ error: 'invalid_grant' }, 400, { date: date.toUTCString(), ...headers }),
    )
  const at = (ms: number) => new Date(Date.UTC(2026, 10, 1) + ms)
  const hourMs = 3_600_000
  const own = ({ ahead, intercepted = false }: { ahead: number; intercepted?: boolean }): Circumstances => ({
    facts: { isIntercepted: () => intercepted },
    wire: ({ url, init }, pass) =>
      url === `${app}/` && init.method === 'HEAD'
        ? Promise.resolve(new Response(null, { headers: { date: at(-ahead).toUTCString() } }))
        : pass(),
  })
  testCases('clock', [
    ['is ok when it agrees with the Date of a server', { wire: dated(at(-30_000)) }, 'ok', /is right/],
    [
      'is a warning when it is an hour ahead',
      { wire: dated(at(-hourMs)) },
      'warning',
      /60 min ahead of that of a server/,
    ],
    [
      'is a warning when it is an hour behind',
      { wire: dated(at(hourMs)) },
      'warning',
      /60 min behind that of a server/,
    ],
    [
      'is ok when an old Date is that of a copy',
      { wire: dated(at(-hourMs), { age: '3600' }) },
      'ok',
      /is right/,
    ],
    [
      'is held against the server of the page where no other lets it read its Date',
      own({ ahead: hourMs }),
      'warning',
      /60 min ahead/,
    ],
    [
      'is unknown where a service worker answers for that server',
      own({ ahead: hourMs, intercepted: true }),
      'unknown',
      /cannot be determined/,
    ],
    ['is unknown when no server tells the time', {}, 'unknown', /no server lets this page read its Date/],
    [
      'is unknown when a Date is garbage',
      { wire: answering(tokenPath, () => json({}, 400, { date: 'today' })) },
      'unknown',
      /cannot be determined/,
    ],
  ])
})
