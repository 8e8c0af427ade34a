import type { PathTemplate } from '../endpoints.ts'
import type { Context } from '../http/http.ts'
import type { Schemas } from './schemas.ts'

/** A method, a path, and the function that responds. */
export type ManagementRoute = readonly [
  method: 'GET' | 'POST' | 'PUT' | 'DELETE',
  path: PathTemplate,
  answer: (ctx: Context, id: string) => Promise<void>,
]
export type ManagementRoutes = readonly ManagementRoute[]

/** What the routes share. */
export interface Tools {
  readonly schemas: Schemas
}
