import type { JSX, ReactNode } from 'react'

/** A column of a {@link DataTable}. The first one names the row. */
export interface Column<Row> {
  readonly header: string
  readonly cell: (row: Row) => ReactNode
}

interface DataTableProps<Row> {
  /** What the rows are. */
  readonly caption: string
  readonly columns: readonly Column<Row>[]
  readonly rows: readonly Row[]
  readonly keyOf: (row: Row) => string
  /** Whether newer rows are on their way. @default false */
  readonly isBusy?: boolean
}

/** A native table; on a narrow screen each row becomes a card, with its headers beside the cells. */
export function DataTable<Row>(props: DataTableProps<Row>): JSX.Element {
  const { caption, columns, rows, keyOf, isBusy = false } = props
  const [first, ...others] = columns
  return (
    <table className="data-table" aria-busy={isBusy}>
      <caption className="visually-hidden">{caption}</caption>
      <thead>
        <tr>
          {columns.map(({ header }) => (
            <th key={header} scope="col">
              {header}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={keyOf(row)}>
            <th scope="row">{first?.cell(row)}</th>
            {others.map(({ header, cell }) => (
              <td key={header} data-header={header}>
                {cell(row)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}
