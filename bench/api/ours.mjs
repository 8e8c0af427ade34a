import { createTelnyxApi, listOAuthClients } from '../../packages/api/src/index.ts'
import { measure } from './measure.mjs'

await measure((baseUrl, pageSize) =>
  listOAuthClients(createTelnyxApi({ apiKey: 'KEY_EMULATOR_AVA', baseUrl }), { 'page[size]': pageSize }),
)
