import Telnyx from 'telnyx'
import { measure } from './measure.mjs'

await measure((baseURL, pageSize) =>
  new Telnyx({ apiKey: 'KEY_EMULATOR_AVA', baseURL }).oauthClients.list({ 'page[size]': pageSize }),
)
