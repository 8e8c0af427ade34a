import { describe, expect, it } from 'vitest'
import {
  addressOf,
  isFiltered,
  listQueryOf,
  readClientFilter,
} from '../../../demo/src/pages/clients/client-query.ts'

const read = (search: string) => readClientFilter(new URLSearchParams(search))

describe('the filter of the client list', () => {
  it.each(['', '?page=3', '?name=my+app&type=public&grant=client_credentials&page=2', '?name=%3F%26'])(
    'is written to the address %j as it was read',
    (search) => {
      expect(addressOf(read(search))).toBe(search || '?')
    },
  )

  it.each(['?page=0', '?page=-1', '?page=1.5', '?page=x', '?page=1e99', '?type=secret', '?grant=password'])(
    'takes %s for a plain list',
    (search) => {
      expect(read(search)).toEqual(read(''))
      expect(isFiltered(read(search))).toBe(false)
    },
  )

  it('becomes a query of the API, without what is not chosen', () => {
    expect(listQueryOf(read(''))).toEqual({ 'page[number]': 1, 'page[size]': 20 })
    expect(listQueryOf(read('?name=app&type=public&grant=refresh_token&page=2'))).toEqual({
      'page[number]': 2,
      'page[size]': 20,
      'filter[name][contains]': 'app',
      'filter[client_type]': 'public',
      'filter[allowed_grant_types][contains]': 'refresh_token',
    })
  })
})
