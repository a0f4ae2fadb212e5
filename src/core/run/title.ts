/** What a row is called, cut to 100 characters; null if it has no name. */
export const titleOf = (row: Record<string, unknown>): string | null => {
  const title = row.title ?? row.name ?? row.text ?? row.question ?? row.date
  return typeof title === 'string' ? title.slice(0, 100) : null
}
