import { MarkdownText } from '../../../ui/design/markdown-text.tsx'
import type { PublicTrip } from '../../sharing/contract/index.ts'

/** The notes of the group, for the shared page. */
export function PublicNotes({ trip }: { trip: PublicTrip }) {
  return (
    <div className="grid items-start gap-4 md:grid-cols-2">
      {(trip.notes ?? [])
        .toSorted((a, b) => Number(b.pinned) - Number(a.pinned))
        .map(({ id, title, content, color, website }) => (
          <article
            key={id}
            className="flex break-inside-avoid flex-col gap-2 rounded-lg border border-line bg-surface p-4 shadow-[inset_4px_0_0_var(--edge)]"
            style={{ ['--edge' as string]: color }}
          >
            <h3 className="title wrap-anywhere text-lg">{title}</h3>
            {content && <MarkdownText text={content} />}
            {website && (
              <a
                href={website}
                target="_blank"
                rel="noopener noreferrer"
                className="wrap-anywhere text-pine-ink text-sm underline underline-offset-2"
              >
                {website}
              </a>
            )}
          </article>
        ))}
    </div>
  )
}
