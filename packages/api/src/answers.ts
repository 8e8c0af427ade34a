/** Reads an answer that is an object. */
export function document<T>(body: unknown): T | false {
  return typeof body === 'object' && !Array.isArray(body) && (body as T)
}

/** Reads an answer that has at least this member. */
export function having<T extends object>(member: keyof T): (body: unknown) => T | false {
  return (body) => Object(body)[member] !== undefined && (body as T)
}

/** Reads what the `data` envelope of an answer holds. */
export function enveloped<T>(body: unknown): T | false {
  return document(Object(body).data)
}
