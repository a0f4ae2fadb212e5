import type { LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Person } from '../../../../identity/contract/person.ts'
import { fromNow, moment } from '../../../../ui/dates.ts'
import { Avatar } from '../../../../ui/design/avatar.tsx'
import { Button } from '../../../../ui/design/button.tsx'

interface Props {
  icon: LucideIcon
  name: string
  badges?: ReactNode
  /** The owner; null when there is none. */
  person: Person | null
  /** Further facts, in a few words each. */
  facts: readonly (string | false | null)[]
  lastUse: string | null
  now: number
  /** What was done at the last use. */
  done?: string
  action: string
  onAct(): void
  children?: ReactNode
}

/** One credential or program: its name and owner, its last use, and a button that ends it. */
export function AccessEntry(props: Props) {
  const { icon: Icon, name, badges, person, facts, lastUse, now, done, action, onAct, children } = props
  const { t } = useTranslation()
  return (
    <article
      aria-label={name}
      className="grid gap-x-6 gap-y-2.5 md:grid-cols-[minmax(0,7fr)_minmax(0,4fr)_9rem_6.5rem] md:items-center"
    >
      <div className="flex min-w-0 items-start gap-3">
        <span
          aria-hidden="true"
          className="flex size-9 shrink-0 items-center justify-center rounded-full bg-pine-soft text-pine-ink"
        >
          <Icon size={17} />
        </span>
        <div className="min-w-0 flex-1">
          <h3 className="wrap-anywhere flex flex-wrap items-center gap-x-2 gap-y-1 font-semibold">
            {name}
            {badges}
          </h3>
          <p className="wrap-anywhere figures mt-0.5 text-ink-faint text-sm">{facts.filter(Boolean).join(' · ')}</p>
        </div>
      </div>
      {person ? (
        <p className="flex min-w-0 items-center gap-2 max-md:pl-12">
          <Avatar name={person.name} userId={person.user_id} size="small" />
          <span className="min-w-0 truncate">
            {person.name} <span className="text-ink-faint text-sm">@{person.username}</span>
          </span>
        </p>
      ) : (
        <span className="max-md:hidden" />
      )}
      <p className="figures text-ink-soft text-sm max-md:pl-12">
        {lastUse ? (
          <time dateTime={lastUse} title={moment(lastUse)}>
            {t('admin.usedWhen', { when: fromNow(lastUse, now) })}
          </time>
        ) : (
          t('admin.notUsed')
        )}
        {done && (
          <>
            <span className="md:hidden"> · </span>
            <span className="text-ink-faint md:block">{done}</span>
          </>
        )}
      </p>
      {children && <div className="pl-12 md:col-span-4 md:row-start-2 md:-my-2">{children}</div>}
      <Button
        size="small"
        onClick={onAct}
        aria-label={`${action}: ${name}`}
        className="w-fit max-md:ml-12 md:col-start-4 md:row-start-1 md:justify-self-end"
      >
        {action}
      </Button>
    </article>
  )
}
