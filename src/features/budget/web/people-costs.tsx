import { useTranslation } from 'react-i18next'
import { useMe } from '../../../identity/web/session.ts'
import { Avatar } from '../../../ui/design/avatar.tsx'
import { classes } from '../../../ui/design/class-names.ts'
import { Skeleton } from '../../../ui/design/states.tsx'
import { useStandings } from './costs.ts'
import { money, signedMoney } from './money.ts'

/** What each person bears, has paid, and is owed or owes. */
export function PeopleCosts() {
  const { t } = useTranslation()
  const me = useMe()
  const { perPerson } = useStandings()
  if (perPerson.isError) return null
  return (
    <section aria-labelledby="per-person" className="rounded-lg border border-line bg-surface">
      <h3 id="per-person" className="title px-4 pt-4 text-lg">
        {t('costs.perPerson')}
      </h3>
      {perPerson.isPending ? (
        <div className="p-4">
          <Skeleton className="h-24" />
        </div>
      ) : (
        <ul className="flex flex-col px-4 pt-2 pb-3">
          {perPerson.data.people.map(({ user_id, name, former, share, paid, balance }) => (
            <li key={user_id} className="flex items-center gap-3 border-line py-2.5 not-first:border-t">
              <Avatar userId={user_id} name={name} />
              <div className="min-w-0 flex-1">
                <p className="truncate font-medium">
                  {name}
                  {user_id === me.id && <span className="font-normal text-ink-faint"> ({t('members.you')})</span>}
                  {former && <span className="font-normal text-ink-faint"> ({t('costs.former')})</span>}
                </p>
                <p className="figures flex flex-wrap gap-x-2 text-ink-faint text-xs">
                  <span>{t('costs.bears', { amount: money(share, perPerson.data.currency) })}</span>
                  <span>{t('costs.hasPaid', { amount: money(paid, perPerson.data.currency) })}</span>
                </p>
              </div>
              <p className="shrink-0 text-right">
                <span
                  className={classes(
                    'figures block font-semibold',
                    balance > 0 ? 'text-pine-ink' : balance < 0 ? 'text-signal-ink' : 'text-ink-faint',
                  )}
                >
                  {signedMoney(balance, perPerson.data.currency)}
                </span>
                <span className="text-ink-faint text-xs">
                  {balance > 0 ? t('costs.isOwed') : balance < 0 ? t('costs.owes') : t('costs.even')}
                </span>
              </p>
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}
