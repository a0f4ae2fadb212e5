import { useTranslation } from 'react-i18next'
import { moment } from '../../../web/dates.ts'
import { Badge } from '../../../web/design/badge.tsx'
import { EmptyState, ErrorState, Skeleton } from '../../../web/design/states.tsx'
import { useRead } from '../../../web/query.ts'
import { list_audit } from '../contract.ts'

/** Who did what, the latest first. */
export function AuditLog() {
  const { t } = useTranslation()
  const audit = useRead(list_audit, {})
  if (audit.isPending) return <Skeleton className="h-64" />
  if (audit.isError) return <ErrorState error={audit.error} onRetry={() => void audit.refetch()} />
  if (!audit.data.entries.length) return <EmptyState compact title={t('admin.auditEmpty')} />
  return (
    <section
      className="overflow-x-auto rounded-lg border border-line bg-surface"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard
      tabIndex={0}
      aria-label={t('admin.audit')}
    >
      <table className="figures w-full min-w-xl text-left text-sm">
        <thead className="border-line border-b text-ink-faint">
          <tr>
            {(['when', 'who', 'event', 'outcome'] as const).map((column) => (
              <th key={column} scope="col" className="px-4 py-2.5 font-medium">
                {t(`admin.column.${column}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="divide-y divide-line">
          {audit.data.entries.map((entry) => (
            <tr key={entry.id}>
              <td className="whitespace-nowrap px-4 py-2.5 text-ink-soft">{moment(entry.at)}</td>
              <td className="px-4 py-2.5">
                {entry.username ?? '–'}
                {entry.client && <span className="text-ink-faint"> · {entry.client}</span>}
              </td>
              <td className="px-4 py-2.5 font-medium">{entry.event}</td>
              <td className="px-4 py-2.5">
                <Badge tone={entry.outcome === 'ok' ? 'plain' : 'signal'}>{entry.outcome}</Badge>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
