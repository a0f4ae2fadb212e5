import { ArrowRight, Check, HandCoins, Undo2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Output } from '../../../core/declare/operation.ts'
import { useMe } from '../../../identity/web/session.ts'
import { moment } from '../../../ui/dates.ts'
import { Avatar } from '../../../ui/design/avatar.tsx'
import { Button } from '../../../ui/design/button.tsx'
import { classes } from '../../../ui/design/class-names.ts'
import { IconButton } from '../../../ui/design/icon-button.tsx'
import { ErrorState, Skeleton } from '../../../ui/design/states.tsx'
import { removed, useAct } from '../../../ui/live/act.ts'
import { Glowing } from '../../../ui/live/glowing.tsx'
import { useRows } from '../../../ui/live/hooks.tsx'
import { tellUndoable } from '../../history/web/undo.ts'
import { useTrip } from '../../trips/web/trip-context.tsx'
import {
  create_settlement,
  delete_settlement,
  type get_settlement_summary,
  Settlement,
  type SettlementRow,
} from '../contract/index.ts'
import { useNames, useStandings } from './costs.ts'
import { money } from './money.ts'

type Flow = Output<typeof get_settlement_summary>['summary']['flows'][number]

/** Who pays whom to settle, and the settlements so far. */
export function SettleUp({ mayEdit }: { mayEdit: boolean }) {
  const { t } = useTranslation()
  const { settlement } = useStandings()
  const history = useRows(Settlement).toSorted((a, b) => b.created_at.localeCompare(a.created_at) || b.id - a.id)
  return (
    <section aria-labelledby="settle-up" className="rounded-lg border border-line bg-surface">
      <h3 id="settle-up" className="title flex items-center gap-2 px-4 pt-4 text-lg">
        <HandCoins size={18} aria-hidden="true" className="text-pine-ink" />
        {t('costs.settleUp')}
      </h3>
      {settlement.isError ? (
        <ErrorState error={settlement.error} onRetry={() => void settlement.refetch()} />
      ) : settlement.isPending ? (
        <div className="p-4">
          <Skeleton className="h-20" />
        </div>
      ) : settlement.data.summary.flows.length ? (
        <ul className="flex flex-col gap-1 p-2">
          {settlement.data.summary.flows.map((flow) => (
            <FlowLine
              key={`${flow.from.user_id}-${flow.to.user_id}`}
              flow={flow}
              currency={settlement.data.summary.currency}
              mayEdit={mayEdit}
            />
          ))}
        </ul>
      ) : (
        <p className="flex items-center gap-2 px-4 py-4 text-ink-soft">
          <Check size={16} aria-hidden="true" className="text-pine-ink" />
          {t('costs.allSettled')}
        </p>
      )}
      {history.length > 0 && (
        <div className="border-line border-t px-2 py-3">
          <h4 className="px-2 pb-1 font-medium text-ink-faint text-sm">{t('costs.history')}</h4>
          <ul className="flex flex-col">
            {history.map((row) => (
              <HistoryLine key={row.id} row={row} mayEdit={mayEdit} />
            ))}
          </ul>
        </div>
      )}
    </section>
  )
}

function FlowLine({
  flow: { from, to, amount },
  currency,
  mayEdit,
}: {
  flow: Flow
  currency: string
  mayEdit: boolean
}) {
  const { t } = useTranslation()
  const trip = useTrip()
  const me = useMe()
  const act = useAct()
  const [busy, setBusy] = useState(false)
  const concernsMe = from.user_id === me.id || to.user_id === me.id

  async function settle() {
    setBusy(true)
    const ends = { from_user_id: from.user_id, to_user_id: to.user_id }
    const made = await act(create_settlement, { tripId: trip.id, ...ends, amount, currency }, [], (answer) => [
      Settlement,
      answer.settlement,
    ])
    setBusy(false)
    if (!made) return
    tellUndoable(t('costs.wasSettled', { from: from.name, to: to.name, amount: money(amount, currency) }), made)
  }

  return (
    <li className={classes('flex flex-col gap-2 rounded-md px-2 py-2.5', concernsMe && 'bg-pine-soft')}>
      <div className="flex items-center gap-2">
        <Avatar userId={from.user_id} name={from.name} size="small" />
        <ArrowRight size={14} aria-hidden="true" className="text-ink-faint" />
        <Avatar userId={to.user_id} name={to.name} size="small" />
        <p className="min-w-0 flex-1 truncate">
          {from.user_id === me.id
            ? t('costs.youPay', { to: to.name })
            : to.user_id === me.id
              ? t('costs.paysYou', { from: from.name })
              : t('costs.pays', { from: from.name, to: to.name })}
        </p>
        <span className="figures font-semibold">{money(amount, currency)}</span>
      </div>
      {mayEdit && (
        <Button
          size="small"
          busy={busy}
          icon={<Check size={14} aria-hidden="true" />}
          onClick={() => void settle()}
          aria-label={t('costs.markPaidFor', { from: from.name, to: to.name })}
          className="self-end"
        >
          {t('costs.markPaid')}
        </Button>
      )}
    </li>
  )
}

function HistoryLine({ row, mayEdit }: { row: SettlementRow; mayEdit: boolean }) {
  const { t } = useTranslation()
  const act = useAct()
  const nameOf = useNames()
  const [from, to] = [nameOf(row.from_user_id), nameOf(row.to_user_id)]

  async function takeBack() {
    const input = { tripId: row.trip_id, settlementId: row.id }
    const deleted = await act(delete_settlement, input, [removed(Settlement, row.id)])
    if (deleted) tellUndoable(t('costs.wasUnsettled'), deleted)
  }

  return (
    <li>
      <Glowing entity={Settlement} row={row.id} className="flex items-center gap-2 rounded-md px-2 py-1.5">
        <div className="min-w-0 flex-1">
          <p className="truncate text-sm">{t('costs.paidTo', { from, to })}</p>
          <p className="text-ink-faint text-xs">{moment(row.created_at)}</p>
        </div>
        <span className="figures font-medium text-sm">{money(row.amount, row.currency)}</span>
        {mayEdit && (
          <IconButton label={t('costs.takeBack', { from, to })} size="small" onClick={() => void takeBack()}>
            <Undo2 size={15} aria-hidden="true" />
          </IconButton>
        )}
      </Glowing>
    </li>
  )
}
