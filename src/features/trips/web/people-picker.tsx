import { Popover } from '@base-ui/react/popover'
import { UserPlus } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Avatar } from '../../../ui/design/avatar.tsx'
import { Checkbox } from '../../../ui/design/checkbox.tsx'
import { classes } from '../../../ui/design/class-names.ts'
import { popupClass } from '../../../ui/design/popup.ts'
import { listOf } from '../../../ui/message.ts'
import { useMembers } from './members.ts'

interface Someone {
  readonly user_id: number
  readonly name: string
}

/** Everybody in the trip, the owner first; empty until loaded. */
export function usePeople(): readonly Someone[] {
  const { data } = useMembers()
  return data ? [data.owner, ...data.members] : []
}

const AT_MOST = 3

/** A few people side by side; the parent provides their names. */
export function Faces({ people }: { people: readonly Someone[] }) {
  return (
    <span aria-hidden="true" className="-space-x-1.5 flex items-center">
      {people.slice(0, AT_MOST).map(({ user_id, name }) => (
        <Avatar key={user_id} userId={user_id} name={name} size="small" className="ring-2 ring-paper" />
      ))}
      {people.length > AT_MOST && (
        <span className="figures flex size-6 items-center justify-center rounded-full bg-hover text-ink-soft text-xs ring-2 ring-paper">
          +{people.length - AT_MOST}
        </span>
      )}
    </span>
  )
}

/** A checkbox for each person of the trip. */
export function PeopleBoxes({ chosen, onChange }: { chosen: readonly number[]; onChange(ids: number[]): void }) {
  const people = usePeople()
  return people.map(({ user_id, name }) => (
    <Checkbox
      key={user_id}
      label={name}
      checked={chosen.includes(user_id)}
      onChange={(on) => onChange(on ? [...chosen, user_id] : chosen.filter((id) => id !== user_id))}
    />
  ))
}

interface Props {
  /** What they are chosen for, as a question: "Who packs Clothing?" */
  label: string
  chosen: readonly number[]
  onChange(ids: number[]): void
  disabled?: boolean
  note?: ReactNode
}

/** The faces of the chosen people, and the list to choose from behind them. */
export function PeoplePicker({ label, chosen, onChange, disabled, note }: Props) {
  const { t } = useTranslation()
  const people = usePeople().filter(({ user_id }) => chosen.includes(user_id))
  const said = people.length ? listOf(people.map(({ name }) => name)) : t('people.nobody')
  return (
    <Popover.Root>
      <Popover.Trigger
        disabled={disabled ?? false}
        className={classes(
          'flex h-8 min-w-8 shrink-0 items-center justify-center rounded-full text-ink-faint transition-colors duration-(--fast) hover:bg-hover hover:text-ink disabled:hover:bg-transparent',
          people.length > 0 && 'px-1',
        )}
      >
        <span className="sr-only">{`${label} ${said}`}</span>
        {people.length ? <Faces people={people} /> : !disabled && <UserPlus size={16} aria-hidden="true" />}
      </Popover.Trigger>
      <Popover.Portal render={<section aria-label={label} />}>
        <Popover.Positioner sideOffset={6} align="end" className="z-60 outline-none">
          <Popover.Popup
            className={classes(popupClass, 'flex max-h-(--available-height) min-w-56 flex-col overflow-auto p-4')}
          >
            <Popover.Title className="mb-3 font-medium text-sm">{label}</Popover.Title>
            <div className="flex flex-col gap-3">
              <PeopleBoxes chosen={chosen} onChange={onChange} />
            </div>
            {note && <p className="mt-3 max-w-56 text-ink-faint text-xs">{note}</p>}
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  )
}
