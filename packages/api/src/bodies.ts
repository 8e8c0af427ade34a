import type { OperationInit } from './request.ts'

/** A JSON body. */
export function json(method: 'POST' | 'PUT', body: object): OperationInit {
  return { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
}

/** The fields that are there, as form or query parameters. */
export function parameters(fields: object): URLSearchParams {
  return new URLSearchParams(Object.entries(fields).filter(([, value]) => value !== undefined))
}
