import { X } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { AuditKind } from '../../../../identity/contract/index.ts'
import { Button } from '../../../../ui/design/button.tsx'
import { Segmented } from '../../../../ui/design/segmented.tsx'
import { Select } from '../../../../ui/design/select.tsx'
import { useRead } from '../../../../ui/query.ts'
import { list_users } from '../../contract/index.ts'
import { type Filter, narrowed } from './filter.ts'
import { useWords } from './words.ts'

/** The span to show, in hours. */
const SPANS = { day: 24, week: 24 * 7, month: 24 * 30 } as const
type Span = keyof typeof SPANS | 'ever'

export function AuditFilters({ filter, onChange }: { filter: Filter; onChange(filter: Filter): void }) {
  const { t } = useTranslation()
  const words = useWords()
  const users = useRead(list_users, {})
  const [span, setSpan] = useState<Span>('ever')
  const change = (more: Filter) => onChange(narrowed(filter, more))

  function look(next: Span) {
    setSpan(next)
    const since = next === 'ever' ? undefined : new Date(Date.now() - SPANS[next] * 3_600_000).toISOString()
    change({ since })
  }

  const people = users.data?.users ?? []
  return (
    <div className="grid min-w-0 grid-cols-2 gap-2 max-sm:w-full sm:flex sm:flex-wrap sm:items-center">
      <div className="sm:w-40">
        <Select
          bare
          label={t('admin.auditWho')}
          value={filter.user_id ?? 0}
          choices={[
            { value: 0, label: t('admin.everybody') },
            ...people.map(({ id, username }) => ({ value: id, label: username })),
          ]}
          onChange={(id) => change({ user_id: id || undefined })}
        />
      </div>
      <div className="sm:w-48">
        <Select
          bare
          label={t('admin.auditWhat')}
          value={filter.kind ?? 'all'}
          choices={(['all', ...AuditKind.options] as const).map((kind) => ({
            value: kind,
            label: t(`admin.auditKind.${kind}`),
          }))}
          onChange={(kind) => change({ kind: kind === 'all' ? undefined : kind })}
        />
      </div>
      <div className="sm:w-36">
        <Select
          bare
          label={t('admin.auditWhen')}
          value={filter.since === undefined ? 'ever' : span}
          choices={(['ever', 'day', 'week', 'month'] as const).map((value) => ({
            value,
            label: t(`admin.auditSpan.${value}`),
          }))}
          onChange={look}
        />
      </div>
      <Segmented
        label={t('admin.auditOutcome')}
        value={filter.refused ? 'refused' : 'all'}
        choices={(['all', 'refused'] as const).map((value) => ({ value, label: t(`admin.auditOutcomes.${value}`) }))}
        onChange={(value) => change({ refused: value === 'refused' || undefined })}
      />
      {filter.client !== undefined && (
        <Button size="small" icon={<X size={14} aria-hidden="true" />} onClick={() => change({ client: undefined })}>
          {t('admin.onlyProgram', { name: words.program(filter.client) })}
        </Button>
      )}
    </div>
  )
}
