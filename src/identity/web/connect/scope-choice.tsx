import { Check, ChevronDown } from 'lucide-react'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Checkbox } from '../../../ui/design/checkbox.tsx'
import { classes } from '../../../ui/design/class-names.ts'
import { useWiderThan } from '../../../ui/media.ts'
import { titleOf } from '../../../ui/message.ts'
import { groupOf, labelOf } from '../scope-texts.ts'
import { type AskedScope, groupsOf, isForGood, type ScopeGroup, ticked, withGroup, withTick } from './choice.ts'

interface Props {
  scopes: readonly AskedScope[]
  chosen: ReadonlySet<string>
  /** Missing if everything was chosen before: shows a list without boxes. */
  onChoose?: (chosen: ReadonlySet<string>) => void
  disabled: boolean
}

/** The requested scopes by part of the product, in two columns if there are many and there is room. */
export function ScopeChoice({ scopes, chosen, onChoose, disabled }: Props) {
  const groups = groupsOf(scopes)
  return (
    <div className={classes('gap-x-10', groups.length > 4 && 'md:columns-2')}>
      {groups.map((group) => (
        <Group key={group.name} group={group} chosen={chosen} onChoose={onChoose} disabled={disabled} />
      ))}
    </div>
  )
}

interface GroupProps {
  group: ScopeGroup
  chosen: ReadonlySet<string>
  onChoose: Props['onChoose']
  disabled: boolean
}

function Group({ group, chosen, onChoose, disabled }: GroupProps) {
  const { t } = useTranslation()
  const state = ticked(group, chosen)
  const name = group.scopes[0] ? groupOf(group.scopes[0]) : group.name
  return (
    <fieldset className="mb-5 min-w-0 break-inside-avoid border-line border-t pt-3">
      <legend className="sr-only">{name}</legend>
      <div className="mb-1 flex items-center justify-between gap-3">
        <p className="title text-lg" aria-hidden="true">
          {name}
        </p>
        {onChoose && group.scopes.length > 1 && (
          // biome-ignore lint/a11y/noLabelWithoutControl: the checkbox inside renders the input
          <label className="flex items-center gap-2 text-ink-faint text-sm">
            {t('connect.all')}
            <Checkbox
              label={t('connect.wholeGroup', { group: name })}
              bare
              checked={state === 'all'}
              partly={state === 'some'}
              disabled={disabled}
              onChange={(on) => onChoose(withGroup(chosen, group, on))}
            />
          </label>
        )}
      </div>
      <ul className="flex flex-col">
        {group.scopes.map((scope) => (
          <Scope
            key={scope.scope}
            scope={scope}
            checked={chosen.has(scope.scope)}
            disabled={disabled}
            onTick={onChoose && ((on) => onChoose(withTick(chosen, scope.scope, on)))}
          />
        ))}
      </ul>
    </fieldset>
  )
}

/** The number of tools shown before "all". */
const FIRST = 3

interface ScopeProps {
  scope: AskedScope
  checked: boolean
  disabled: boolean
  onTick: ((on: boolean) => void) | undefined
}

function Scope({ scope: offered, checked, disabled, onTick }: ScopeProps) {
  const { scope } = offered
  const label = labelOf(offered)
  const tools = offered.tools.map(({ name, title }) => titleOf('operations', name, title))
  const { t } = useTranslation()
  const roomy = useWiderThan('md')
  const [open, setOpen] = useState(false)
  const id = useId()
  const visible = open ? tools : roomy ? tools.slice(0, FIRST) : []
  const folds = tools.length > (roomy ? FIRST : 0)
  return (
    <li className="flex flex-col py-1.5">
      <div className="flex min-h-8 items-center gap-2">
        {onTick ? (
          <Checkbox label={label} checked={checked} disabled={disabled} onChange={onTick} />
        ) : (
          <span className="flex items-center gap-2.5">
            <Check size={16} strokeWidth={2.5} aria-hidden="true" className="w-5 shrink-0 text-pine-ink" />
            {label}
          </span>
        )}
        {folds && (
          <button
            type="button"
            aria-expanded={open}
            aria-controls={id}
            onClick={() => setOpen(!open)}
            className="figures -mr-2 ml-auto inline-flex h-8 shrink-0 items-center gap-1 rounded-sm px-2 text-ink-faint text-xs hover:bg-hover hover:text-ink"
          >
            {t('connect.tools', { count: tools.length })}
            <span className="sr-only">{label}</span>
            <ChevronDown
              size={14}
              aria-hidden="true"
              className={classes('transition-transform duration-(--fast)', open && 'rotate-180')}
            />
          </button>
        )}
      </div>
      {isForGood(scope) && <p className="pl-7.5 text-signal-ink text-sm">{t('connect.forGood')}</p>}
      <p id={id} hidden={!visible.length} className="pl-7.5 text-ink-faint text-sm">
        {visible.join(' · ')}
        {visible.length < tools.length && ' …'}
      </p>
    </li>
  )
}
