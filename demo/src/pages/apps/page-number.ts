/** Reads the page of a list off the address, from 1. What makes no sense counts as not given. */
export function readPageNumber(address: URLSearchParams): number {
  const page = Number(address.get('page'))
  return Number.isSafeInteger(page) && page > 0 ? page : 1
}

/** Writes the page of a list into an address. */
export function addressOfPage(page: number): string {
  return page > 1 ? `?page=${page}` : '?'
}
