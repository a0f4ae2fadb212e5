import { ChevronDown, History, Pencil, Ticket, Trash2 } from 'lucide-react'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { shortDate } from '../../../ui/dates.ts'
import { Avatar } from '../../../ui/design/avatar.tsx'
import { Badge } from '../../../ui/design/badge.tsx'
import { Button } from '../../../ui/design/button.tsx'
import { Checkbox } from '../../../ui/design/checkbox.tsx'
import { classes } from '../../../ui/design/class-names.ts'
import { useDialog } from '../../../ui/form/dialog-host.tsx'
import { patched, removed, useAct } from '../../../ui/live/act.ts'
import { Glowing } from '../../../ui/live/glowing.tsx'
import { useRowHistory } from '../../history/web/row-history.tsx'
import { tellUndoable } from '../../history/web/undo.ts'
import { Faces } from '../../trips/web/people-picker.tsx'
import { BudgetItem, type BudgetItemRow, delete_budget_item, toggle_budget_member_paid } from '../contract/index.ts'
import { converted, major, minor, sharesOf } from '../contract/shares.ts'
import { CategoryMark } from './categories.tsx'
import { useCurrency, useNames } from './costs.ts'
import { ExpenseDialog } from './expense-dialog.tsx'
import { money } from './money.ts'

/** One expense; it opens to show who bears what. */
export function ExpenseRow({ item, mayEdit }: { item: BudgetItemRow; mayEdit: boolean }) {
  const { t } = useTranslation()
  const currency = useCurrency()
  const nameOf = useNames()
  const [open, setOpen] = useState(false)
  const details = useId()
  const own = converted(minor(item.total_price, item.currency), item, currency)
  const payers = item.payers.map(({ user_id }) => ({ user_id, name: nameOf(user_id) }))
  return (
    <li className="bg-surface first:rounded-t-lg last:rounded-b-lg">
      <Glowing entity={BudgetItem} row={item.id} className="rounded-[inherit]">
        <button
          type="button"
          aria-expanded={open}
          aria-controls={details}
          onClick={() => setOpen(!open)}
          className="flex w-full items-center gap-3 rounded-[inherit] px-3 py-2.5 text-left transition-colors duration-(--fast) hover:bg-hover"
        >
          <CategoryMark category={item.category} />
          <span className="min-w-0 flex-1">
            <span className="flex items-center gap-1.5">
              <span className="line-clamp-2 font-medium">{item.name}</span>
              {item.reservation_id !== null && (
                <Ticket size={14} role="img" aria-label={t('costs.ofBooking')} className="shrink-0 text-ink-faint" />
              )}
            </span>
            <span className="flex items-center gap-2 text-ink-faint text-sm">
              {payers.length > 0 && (
                <span className="max-sm:hidden">
                  <Faces people={payers} />
                </span>
              )}
              <span className="truncate">
                {[
                  payers.length === 1
                    ? t('costs.onePaid', { name: payers[0]?.name })
                    : payers.length
                      ? t('costs.manyPaid', { count: payers.length })
                      : t('costs.planned'),
                  item.members.length ? t('costs.splitBy', { count: item.members.length }) : t('costs.notSplit'),
                ].join(' · ')}
              </span>
            </span>
          </span>
          <span className="flex shrink-0 flex-col items-end">
            <span className="figures font-semibold">{money(item.total_price, item.currency)}</span>
            {item.currency !== currency &&
              (own === null ? (
                <Badge tone="signal">{t('costs.notConverted')}</Badge>
              ) : (
                <span className="figures text-ink-faint text-sm">≈ {money(major(own, currency), currency)}</span>
              ))}
          </span>
          <ChevronDown
            size={16}
            aria-hidden="true"
            className={classes(
              'shrink-0 text-ink-faint transition-transform duration-(--steady)',
              open && 'rotate-180',
            )}
          />
        </button>
        <div id={details} hidden={!open}>
          {open && <Details item={item} mayEdit={mayEdit} />}
        </div>
      </Glowing>
    </li>
  )
}

function Details({ item, mayEdit }: { item: BudgetItemRow; mayEdit: boolean }) {
  const { t } = useTranslation()
  const dialog = useDialog()
  const showHistory = useRowHistory()
  const remove = useRemoval(item)
  const facts = [
    item.expense_date && shortDate(item.expense_date),
    item.exchange_rate !== null &&
      t('costs.rateUsed', { base: item.rate_base, rate: item.exchange_rate, currency: item.currency }),
    item.persons !== null && t('costs.persons', { count: item.persons }),
    item.days !== null && t('costs.days', { count: item.days }),
  ].filter(Boolean)
  return (
    <div className="flex flex-col gap-3 px-3 pt-2 pb-3 sm:pl-15">
      {item.note && <p className="whitespace-pre-line text-ink-soft">{item.note}</p>}
      {facts.length > 0 && <p className="text-ink-faint text-sm">{facts.join(' · ')}</p>}
      {item.members.length > 0 && <Bearers item={item} mayEdit={mayEdit} />}
      {mayEdit && (
        <div className="flex gap-2">
          <Button
            size="small"
            icon={<Pencil size={14} aria-hidden="true" />}
            onClick={() => dialog((shown) => <ExpenseDialog item={item} {...shown} />)}
          >
            {t('edit')}
          </Button>
          <Button
            size="small"
            tone="plain"
            icon={<History size={14} aria-hidden="true" />}
            onClick={() => showHistory(BudgetItem, item.id, item.name)}
          >
            {t('history.title')}
          </Button>
          <Button
            size="small"
            tone="plain"
            icon={<Trash2 size={14} aria-hidden="true" />}
            className="text-signal-ink hover:text-signal-ink"
            onClick={() => void remove()}
          >
            {t('delete')}
          </Button>
        </div>
      )}
    </div>
  )
}

/** Who bears which share, and who has given theirs to the payers. */
function Bearers({ item, mayEdit }: { item: BudgetItemRow; mayEdit: boolean }) {
  const { t } = useTranslation()
  const act = useAct()
  const nameOf = useNames()
  const shares = sharesOf(item)
  const paysAlone = item.payers.length === 1 ? item.payers[0]?.user_id : null
  const tick = (memberId: number, paid: boolean) =>
    act(toggle_budget_member_paid, { tripId: item.trip_id, itemId: item.id, memberId, paid }, [
      patched(BudgetItem, item.id, {
        members: item.members.map((one) => (one.user_id === memberId ? { ...one, paid } : one)),
      }),
    ])
  return (
    <ul className="flex flex-col rounded-md border border-line">
      {item.members.map(({ user_id, weight, paid }, index) => (
        <li key={user_id} className="flex min-h-11 items-center gap-2.5 border-line px-3 not-first:border-t">
          <Avatar userId={user_id} name={nameOf(user_id)} size="small" />
          <span className="min-w-0 flex-1 truncate">
            {nameOf(user_id)}
            {weight !== null && <span className="text-ink-faint text-sm"> × {weight}</span>}
          </span>
          <span className="figures">{money(major(shares[index] as number, item.currency), item.currency)}</span>
          <span className="flex w-24 justify-end text-ink-faint text-sm">
            {user_id === paysAlone ? (
              t('costs.paidIt')
            ) : (
              <Checkbox
                label={t('costs.paid')}
                checked={paid}
                disabled={!mayEdit}
                onChange={(on) => void tick(user_id, on)}
              />
            )}
          </span>
        </li>
      ))}
    </ul>
  )
}

function useRemoval({ trip_id: tripId, id: itemId, name }: BudgetItemRow): () => Promise<void> {
  const { t } = useTranslation()
  const act = useAct()
  return async () => {
    const deleted = await act(delete_budget_item, { tripId, itemId }, [removed(BudgetItem, itemId)])
    if (deleted) tellUndoable(t('costs.wasDeleted', { name }), deleted)
  }
}
