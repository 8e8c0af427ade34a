import type { Context } from '../http/http.ts'
import type { Schemas } from './schemas.ts'

/** A method, a path with at most one parameter `:id`, and what answers it. */
export type ManagementRoute = readonly [
  method: 'get' | 'post' | 'put' | 'delete',
  path: string,
  answer: (ctx: Context, id: string) => Promise<void>,
]
export type ManagementRoutes = readonly ManagementRoute[]

/** What the routes share. */
export interface Tools {
  readonly schemas: Schemas
}
