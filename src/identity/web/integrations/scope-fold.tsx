import { useTranslation } from 'react-i18next'
import { Fold } from '../../../ui/design/fold.tsx'
import { OFFERED_SCOPES } from '../../contract/scopes.ts'
import { groupOf, labelOf } from '../scope-texts.ts'

/** A program's rights by product group; folded because the list is long. */
export function ScopeFold({ scopes }: { scopes: readonly string[] }) {
  const { t } = useTranslation()
  const granted = OFFERED_SCOPES.filter(({ scope }) => scopes.includes(scope))
  return (
    <Fold summary={t('settings.mayDo', { count: granted.length, total: OFFERED_SCOPES.length })}>
      <dl className="grid gap-x-6 gap-y-3 sm:grid-cols-2">
        {Object.entries(Object.groupBy(granted, groupOf)).map(([group, members = []]) => (
          <div key={group}>
            <dt className="font-medium text-sm">{group}</dt>
            {members.map((one) => (
              <dd key={one.scope} className="text-ink-soft text-sm">
                {labelOf(one)}
              </dd>
            ))}
          </div>
        ))}
      </dl>
    </Fold>
  )
}
