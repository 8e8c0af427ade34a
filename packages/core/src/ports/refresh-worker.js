// @ts-check
// The script of a SharedWorker: sends refresh requests for all tabs of an app. An answer is kept until a tab says
// that it has it, at most for a minute. A tab that takes over from one which was closed sends the same request again
// and gets the answer that the first one caused, so the server sees the refresh token once. Plain JavaScript without
// imports, because bundlers copy it as it is.

/** @typedef {{ id: number, url: string, headers: Record<string, string>, body: string }} Asked */
/** @typedef {{ status: number, headers: [string, string][], body: string }} Answer */

const keepAnswerMs = 60_000

/** @type {Map<string, Promise<Answer>>} */
const answers = new Map()

/** @param {Asked} asked */
const keyOf = ({ url, body }) => `${url} ${body}`

/** @param {Asked} asked @returns {Promise<Answer>} */
async function send({ url, headers, body }) {
  const response = await fetch(url, { method: 'POST', headers, body, redirect: 'manual' })
  return { status: response.status, headers: [...response.headers], body: await response.text() }
}

/** @param {Asked} asked @returns {Promise<Answer>} */
function answerTo(asked) {
  const key = keyOf(asked)
  const known = answers.get(key)
  if (known) return known
  const answer = send(asked)
  answers.set(key, answer)
  const forget = () => {
    answers.delete(key)
  }
  // A failure is the business of those who waited for it: the next try is a request of its own.
  const keep = (/** @type {Answer} */ { status }) => {
    if (status === 200) setTimeout(forget, keepAnswerMs)
    else forget()
  }
  answer.then(keep, forget)
  return answer
}

self.addEventListener('connect', (event) => {
  const [port] = /** @type {MessageEvent} */ (event).ports
  if (!port) return
  port.onmessage = async ({ data }) => {
    // Without rotation the next refresh says the same words: an answer that arrived must not be given twice.
    if (data.arrived) {
      answers.delete(keyOf(data.arrived))
      return
    }
    const { id } = data
    try {
      port.postMessage({ id, answer: await answerTo(data) })
    } catch {
      port.postMessage({ id })
    }
  }
  port.postMessage('ready')
})
