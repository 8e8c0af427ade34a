// @ts-check
// The script of a SharedWorker: sends refresh requests for all tabs of an app. Where the answer brings the next refresh
// token, it is kept for a minute. A tab that takes over from one which was closed sends the same request again and gets
// the answer that the first one caused, so the server sees the refresh token once. Plain JavaScript without imports,
// because bundlers copy it as it is.

/** @typedef {{ id: number, url?: string, headers: Record<string, string>, body: string }} Asked */
/** @typedef {{ status: number, headers: [string, string][], body: string }} Answer */

const keepAnswerMs = 60_000

/** @type {Map<string, () => Promise<Answer>>} */
const answers = new Map()

/** @param {string} body @returns {Record<string, unknown>} */
function parse(body) {
  try {
    return Object(JSON.parse(body))
  } catch {
    return {}
  }
}

/**
 * Without rotation the next refresh says the same words, and must not get this answer.
 *
 * @param {Asked} asked @param {Answer} answer
 */
function isWorthKeeping({ body }, answer) {
  const { refresh_token: next } = parse(answer.body)
  return answer.status === 200 && !!next && next !== new URLSearchParams(body).get('refresh_token')
}

/**
 * The lifetime in an answer counts from when it was asked for.
 *
 * @param {Answer} answer @param {number} ageMs @returns {Answer}
 */
function aged(answer, ageMs) {
  const { expires_in: lifetime, ...rest } = parse(answer.body)
  if (answer.status !== 200 || typeof lifetime !== 'number') return answer
  const left = Math.max(0, Math.floor(lifetime - ageMs / 1000))
  return { ...answer, body: JSON.stringify({ ...rest, expires_in: left }) }
}

/** @param {Asked} asked @returns {Promise<Answer>} */
async function send({ url = '', headers, body }) {
  const response = await fetch(url, { method: 'POST', headers, body, redirect: 'manual' })
  return { status: response.status, headers: [...response.headers], body: await response.text() }
}

/** @param {Asked} asked @returns {Promise<Answer>} */
function answerTo(asked) {
  const key = `${asked.url} ${asked.body}`
  const known = answers.get(key)
  if (known) return known()
  const sentAtMs = performance.now()
  const answer = send(asked)
  answers.set(key, async () => aged(await answer, performance.now() - sentAtMs))
  const forget = () => {
    answers.delete(key)
  }
  // A failure is the business of those who waited for it: the next try is a request of its own.
  answer.then((given) => {
    if (isWorthKeeping(asked, given)) setTimeout(forget, keepAnswerMs)
    else forget()
  }, forget)
  return answer
}

self.addEventListener('connect', (event) => {
  const [port] = /** @type {MessageEvent} */ (event).ports
  if (!port) return
  port.onmessage = async ({ data }) => {
    const { id, url } = data
    if (url === undefined) return port.postMessage({ id, isHere: true })
    try {
      port.postMessage({ id, answer: await answerTo(data) })
    } catch {
      port.postMessage({ id })
    }
  }
})
