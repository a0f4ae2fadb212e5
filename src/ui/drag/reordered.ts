/** The ids of a list after one of them has taken the place of another: before it when it came from below, behind it when from above. */
export function reordered(ids: readonly number[], from: number, to: number): number[] {
  const rest = ids.filter((id) => id !== from)
  const after = ids.indexOf(from) < ids.indexOf(to) ? 1 : 0
  return rest.toSpliced(rest.indexOf(to) + after, 0, from)
}
