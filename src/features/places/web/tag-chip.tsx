import type { TagRow } from './tags.ts'

export const TagDot = ({ color }: { color: string }) => (
  <span
    aria-hidden="true"
    className="size-2 shrink-0 rounded-full"
    style={{ backgroundColor: `color-mix(in oklab, ${color} 80%, var(--ink-soft))` }}
  />
)

/** The tags of a place. */
export function TagChips({ tags, label }: { tags: readonly TagRow[]; label: string }) {
  if (!tags.length) return null
  return (
    <ul aria-label={label} className="flex flex-wrap gap-1.5">
      {tags.map(({ id, name, color }) => (
        <li
          key={id}
          className="flex h-6 max-w-full items-center gap-1.5 rounded-full border border-line bg-surface px-2.5 text-ink-soft text-xs"
        >
          <TagDot color={color} />
          <span className="truncate">{name}</span>
        </li>
      ))}
    </ul>
  )
}
