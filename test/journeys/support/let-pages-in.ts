import type { RequestHandler } from 'express'

/** What a page of another origin needs: the headers that MCP and OAuth put into an answer. */
export const letPagesIn: RequestHandler = (request, response, next) => {
  response.setHeader('Access-Control-Allow-Origin', '*')
  response.setHeader('Access-Control-Expose-Headers', 'WWW-Authenticate, Mcp-Session-Id')
  if (request.method !== 'OPTIONS') return next()
  response.setHeader('Access-Control-Allow-Methods', 'GET, POST, DELETE')
  response.setHeader(
    'Access-Control-Allow-Headers',
    String(request.headers['access-control-request-headers']),
  )
  response.status(204).end()
}
