// @ts-check
// The script of a SharedWorker: sends refresh requests for all tabs of an app. A response that brings the next refresh
// token is kept for a minute. A page that takes over from one which was closed sends the same request again and gets
// the response that the first one caused, so the server sees the refresh token once. Plain JavaScript without imports,
// because bundlers copy it as it is.

/** @typedef {{ id: number, url: string, headers: Record<string, string>, body: string }} Asked */
/** @typedef {{ status: number, headers: [string, string][], body: string }} WorkerResponse */

const keepResponseMs = 60_000

/** @type {Map<string, () => Promise<WorkerResponse>>} */
const responses = new Map()

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
 * @param {Asked} asked @param {WorkerResponse} answer
 */
function isWorthKeeping({ body }, answer) {
  const { refresh_token: next } = parse(answer.body)
  return answer.status === 200 && !!next && next !== new URLSearchParams(body).get('refresh_token')
}

/**
 * The lifetime in an answer counts from when it was asked for.
 *
 * @param {WorkerResponse} answer @param {number} ageMs @returns {WorkerResponse}
 */
function aged(answer, ageMs) {
  const { expires_in: lifetime, ...rest } = parse(answer.body)
  if (answer.status !== 200 || typeof lifetime !== 'number') return answer
  const left = Math.max(0, Math.floor(lifetime - ageMs / 1000))
  return { ...answer, body: JSON.stringify({ ...rest, expires_in: left }) }
}

/** @param {Asked} asked @returns {Promise<WorkerResponse>} */
async function send({ url, headers, body }) {
  const response = await fetch(url, { method: 'POST', headers, body, redirect: 'manual' })
  return { status: response.status, headers: [...response.headers], body: await response.text() }
}

/** @param {Asked} asked @returns {Promise<WorkerResponse>} */
function responseTo(asked) {
  const key = `${asked.url} ${asked.body}`
  const known = responses.get(key)
  if (known) return known()
  const sentAtMs = performance.now()
  const response = send(asked)
  responses.set(key, async () => aged(await response, performance.now() - sentAtMs))
  const forget = () => {
    responses.delete(key)
  }
  // A failure is the business of those who waited for it: the next try is a request of its own.
  response.then((given) => {
    if (isWorthKeeping(asked, given)) setTimeout(forget, keepResponseMs)
    else forget()
  }, forget)
  return response
}

// A request that this policy forbids was not sent, so the tab may send it itself.
let isForbidden = false
self.addEventListener('securitypolicyviolation', ({ disposition }) => {
  isForbidden ||= disposition === 'enforce'
})

// Held for as long as the worker runs: no event tells a page that a worker died.
const lockName = `telnyx-oauth-2 refresh-worker ${crypto.randomUUID()}`
const isLocked = new Promise((resolve) => {
  void navigator.locks.request(lockName, () => new Promise(() => resolve(undefined)))
})

self.addEventListener('connect', async (event) => {
  const [port] = /** @type {MessageEvent} */ (event).ports
  if (!port) return
  port.onmessage = async ({ data }) => {
    const { id } = data
    try {
      port.postMessage({ id, response: await responseTo(data) })
    } catch {
      // The violation is told after the request has failed.
      await new Promise((resolve) => setTimeout(resolve))
      port.postMessage({ id, isForbidden })
    }
  }
  await isLocked
  port.postMessage({ lockName })
})
