import type { Rule } from './validation.ts'

/** Reads an answer that is an object. */
export function document<T>(body: unknown): T | false {
  return typeof body === 'object' && !Array.isArray(body) && (body as T)
}

/** Reads an answer whose one indispensable member keeps its rule. */
export function having<T extends object>(member: keyof T, [isValid]: Rule): (body: unknown) => T | false {
  return (body) => isValid(Object(body)[member]) && (body as T)
}

/** Reads what the `data` envelope of an answer holds. */
export function enveloped<T>(body: unknown): T | false {
  return document(Object(body).data)
}
