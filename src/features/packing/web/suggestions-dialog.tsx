import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../../ui/design/button.tsx'
import { Checkbox } from '../../../ui/design/checkbox.tsx'
import { Dialog } from '../../../ui/design/dialog.tsx'
import { useForm } from '../../../ui/form/form.ts'
import { Trouble } from '../../../ui/form/trouble.tsx'
import { usePlanner } from '../../plan/web/planner.tsx'
import { useTrip } from '../../trips/web/trip-context.tsx'
import { bulk_import_packing, type PackingItemRow } from '../contract/index.ts'
import { useTellAdded } from './bulk.ts'
import { quantityFor, SUGGESTIONS } from './suggestions.ts'

interface Props {
  /** The items on the list, which are not suggested again. */
  items: readonly PackingItemRow[]
  open: boolean
  onClose(): void
}

/** Things that most people take along; unwanted ones can be unticked. */
export function SuggestionsDialog({ items, open, onClose }: Props) {
  const { t } = useTranslation()
  return (
    <Dialog open={open} onClose={onClose} title={t('packing.suggest')} description={t('packing.suggestBody')} wide>
      <Suggestions items={items} onClose={onClose} />
    </Dialog>
  )
}

function Suggestions({ items, onClose }: Omit<Props, 'open'>) {
  const { t } = useTranslation()
  const trip = useTrip()
  const { plan } = usePlanner()
  const tellAdded = useTellAdded()
  const form = useForm(bulk_import_packing, {})
  const [unwanted, setUnwanted] = useState<ReadonlySet<string>>(new Set())
  const known = new Set(items.map(({ name }) => name.toLowerCase()))
  const groups = SUGGESTIONS.map(({ key, items: suggested }) => ({
    key,
    category: t(`packing.suggestedCategory.${key}`),
    items: suggested
      .map((one) => ({
        key: one.key,
        name: t(`packing.suggested.${one.key}`),
        quantity: quantityFor(one, plan.length),
      }))
      .filter(({ name }) => !known.has(name.toLowerCase())),
  })).filter((group) => group.items.length > 0)
  const wanted = groups.flatMap(({ category, items: inIt }) =>
    inIt.filter(({ key }) => !unwanted.has(key)).map(({ name, quantity }) => ({ name, quantity, category })),
  )

  function want(keys: readonly string[], on: boolean) {
    const next = new Set(unwanted)
    for (const key of keys) on ? next.delete(key) : next.add(key)
    setUnwanted(next)
  }

  async function submit(event: FormEvent) {
    event.preventDefault()
    const added = await form.submit({ tripId: trip.id, items: wanted })
    if (!added) return
    tellAdded(added)
    onClose()
  }

  if (!groups.length) return <p className="text-ink-soft">{t('packing.suggestNone')}</p>
  return (
    <form onSubmit={submit} noValidate className="flex flex-col gap-5">
      <Trouble text={form.trouble ?? form.error('items') ?? null} />
      <div className="grid gap-x-8 gap-y-6 sm:grid-cols-2">
        {groups.map(({ key, category, items: inIt }) => {
          const keys = inIt.map((one) => one.key)
          return (
            <fieldset key={key} className="flex flex-col gap-3">
              <legend className="sr-only">{category}</legend>
              <div className="border-line border-b pb-2 font-semibold">
                <Checkbox
                  label={category}
                  checked={keys.every((one) => !unwanted.has(one))}
                  onChange={(on) => want(keys, on)}
                />
              </div>
              {inIt.map((one) => (
                <Checkbox
                  key={one.key}
                  label={one.quantity > 1 ? `${one.name} × ${one.quantity}` : one.name}
                  checked={!unwanted.has(one.key)}
                  onChange={(on) => want([one.key], on)}
                />
              ))}
            </fieldset>
          )
        })}
      </div>
      {/* The list is long, so its buttons stay in sight. */}
      <div className="-bottom-6 -mx-5 -mb-6 sm:-mx-6 sticky flex justify-end gap-2 border-line border-t bg-paper px-5 py-4 sm:px-6">
        <Button onClick={onClose}>{t('cancel')}</Button>
        <Button type="submit" tone="primary" busy={form.busy} disabled={wanted.length === 0}>
          {t('packing.addCount', { count: wanted.length })}
        </Button>
      </div>
    </form>
  )
}
