type Cell = string | number | null

/**
 * A table as CSV (RFC 4180) for spreadsheets. Text that a spreadsheet would take for a formula gets an apostrophe in front; numbers
 * stay numbers. The library is loaded when it is needed.
 */
export async function toCsv(rows: readonly (readonly Cell[])[], delimiter: ',' | ';'): Promise<string> {
  const { stringify } = await import('csv-stringify/browser/esm/sync')
  return stringify([...rows], {
    // The byte order mark tells spreadsheets that this is UTF-8.
    bom: true,
    delimiter,
    escape_formulas: true,
    record_delimiter: 'windows',
    // Otherwise a line break inside a text is not quoted once there is a delimiter of records.
    quote_record_delimiter: true,
  })
}
