/** A page of a list, in the contract's envelope. */
export interface Page<Item> {
  readonly data: readonly Item[]
  readonly meta: {
    readonly page_number: number
    readonly page_size: number
    readonly total_pages: number
    readonly total_results: number
  }
}

/** Which page is asked for. */
export interface PageQuery {
  readonly number: number
  readonly size: number
}

const DEFAULT_SIZE = 20
const LARGEST_SIZE = 100

/** Reads `page[number]` and `page[size]`. @returns the name of the parameter that is not a positive whole number, else the page */
export function readPageQuery(params: Readonly<Record<string, string>>): PageQuery | string {
  const { 'page[number]': number = '1', 'page[size]': size = String(DEFAULT_SIZE) } = params
  if (!isPositive(number)) return 'page[number]'
  if (!isPositive(size)) return 'page[size]'
  return {
    number: Math.min(Number(number), Number.MAX_SAFE_INTEGER),
    size: Math.min(Number(size), LARGEST_SIZE),
  }
}

function isPositive(text: string): boolean {
  return /^[1-9]\d*$/.test(text)
}

/** Cuts one page out of a list and turns only its items into what the wire shows. */
export function pageOf<Item, Shown>(
  items: readonly Item[],
  { number, size }: PageQuery,
  show: (item: Item) => Shown,
): Page<Shown> {
  return {
    data: items.slice((number - 1) * size, number * size).map(show),
    meta: {
      page_number: number,
      page_size: size,
      total_pages: Math.ceil(items.length / size),
      total_results: items.length,
    },
  }
}
