import { expect } from 'vitest'
import type { Statement, Subject } from '../statement.ts'

/** The paragraphs, list items and table rows of a document, each on one line. */
const passages = (text: string): string[] =>
  text.split(/\n(?=\s*\n|- |\|)/).map((passage) => passage.replace(/\s+/g, ' ').trim())

/** Expects one passage of SECURITY.md that says all of that. */
function expectSecurityToSay({ documents }: Subject, ...words: readonly RegExp[]): void {
  const saying = passages(documents['SECURITY.md']).filter((passage) =>
    words.every((word) => word.test(passage)),
  )
  expect(saying, `SECURITY.md must say in one passage: ${words.join(' ')}`).not.toEqual([])
}

/** What is said to those who build with this library. */
export const guidanceStatements: readonly Statement[] = [
  {
    id: 'B8',
    title: 'No document claims that a service worker isolates tokens; SECURITY.md says that it does not',
    source: 'RFC 10017 section 8.2',
    check: (subject) => {
      expectSecurityToSay(subject, /service worker that shares its origin's storage isolates nothing/)
      for (const [path, text] of Object.entries(subject.documents)) {
        const mentions = passages(text).filter((passage) => /service worker/i.test(passage))
        expect(
          mentions.every((passage) => /isolates nothing/.test(passage)),
          path,
        ).toBe(true)
      }
    },
    mutation: {
      file: 'SECURITY.md',
      find: "A service worker that shares its origin's storage isolates nothing.",
      replace: 'A service worker isolates them.',
    },
  },
  {
    id: 'B9',
    title: 'SECURITY.md says that a worker does not stop injected code from starting a new flow',
    source: 'RFC 10017 section 8.3',
    check: (subject) =>
      expectSecurityToSay(subject, /tokens in a worker/, /a new flow started by the attacker/),
    mutation: {
      file: 'SECURITY.md',
      find: ', but a new flow started by the attacker yields new',
      replace: '',
    },
  },
  {
    id: 'B13',
    title: 'SECURITY.md asks for one app per origin and does not present encryption at rest as protection',
    source: 'RFC 10017 sections 8.6 and 9.4',
    check: (subject) => {
      expectSecurityToSay(
        subject,
        /origin runs \*\*one application\*\*/,
        /another app on it can read them all/,
      )
      expectSecurityToSay(subject, /Encrypting tokens at rest is no protection/)
      for (const [path, text] of Object.entries(subject.documents)) {
        const mentions = passages(text).filter((passage) => /encrypt/i.test(passage))
        expect(
          mentions.every((passage) => /no protection/.test(passage)),
          path,
        ).toBe(true)
      }
    },
    mutation: { file: 'SECURITY.md', find: ', and its origin runs **one application**', replace: '' },
  },
  {
    id: 'B14',
    title:
      'SECURITY.md says when a backend is the better choice, and which CORS headers the servers must send',
    source: 'RFC 10017 sections 6.3.3.4 and 6.3.4.3',
    check: (subject) => {
      expectSecurityToSay(subject, /ranks a backend-for-frontend above a browser client/, /Choose one when/)
      for (const endpoint of [
        /\.well-known\/oauth-authorization-server/,
        /token endpoint/,
        /revocation endpoint/,
      ]) {
        expectSecurityToSay(subject, endpoint, /Access-Control-Allow-Origin/)
      }
      expectSecurityToSay(
        subject,
        /your API/,
        /Allow-Headers: authorization/,
        /Expose-Headers: www-authenticate/,
      )
    },
    mutation: {
      file: 'SECURITY.md',
      find: 'RFC 10017 ranks a backend-for-frontend above a browser client. ',
      replace: '',
    },
  },
  {
    id: 'S10',
    title: 'SECURITY.md keeps foreign content and the Referer header away from the redirect page',
    source: 'RFC 9700 section 4.2.4',
    check: (subject) =>
      expectSecurityToSay(subject, /no third-party .*image or font/, /Referrer-Policy: no-referrer/),
    mutation: {
      file: 'SECURITY.md',
      find: ', and serve it with `Referrer-Policy: no-referrer`',
      replace: '',
    },
  },
  {
    id: 'D7',
    title: 'SECURITY.md keeps third-party scripts away from the redirect page, and has ready() run first',
    source: 'OAuth 2.1 draft 16 section 2.3.6',
    check: (subject) =>
      expectSecurityToSay(subject, /no third-party script/, /Call `ready\(\)` before anything/),
    mutation: {
      file: 'SECURITY.md',
      find: 'Load no third-party script, image or font',
      replace: 'Load no third-party image or font',
    },
  },
]
