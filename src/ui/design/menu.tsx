import { Menu as Primitive } from '@base-ui/react/menu'
import type { ReactElement, ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { classes } from './class-names.ts'
import { popupClass } from './popup.ts'

interface Props {
  trigger: ReactElement
  align?: 'start' | 'end'
  children: ReactNode
}

/** A list of actions behind a button. */
export function Menu({ trigger, align = 'end', children }: Props) {
  const { t } = useTranslation()
  return (
    <Primitive.Root>
      <Primitive.Trigger render={trigger} />
      <Primitive.Portal render={<section aria-label={t('menu')} />}>
        <Primitive.Positioner sideOffset={4} align={align} className="z-60 outline-none">
          <Primitive.Popup className={classes(popupClass, 'max-h-(--available-height) min-w-48 overflow-auto')}>
            {children}
          </Primitive.Popup>
        </Primitive.Positioner>
      </Primitive.Portal>
    </Primitive.Root>
  )
}

interface ItemProps {
  icon?: ReactNode
  danger?: boolean
  disabled?: boolean
  onSelect(): void
  children: ReactNode
}

const itemClass =
  'flex cursor-default select-none items-center gap-2.5 rounded-sm px-2.5 py-2 text-base outline-none data-highlighted:bg-hover data-disabled:opacity-50'

export function MenuItem({ icon, danger, disabled, onSelect, children }: ItemProps) {
  return (
    <Primitive.Item
      disabled={disabled ?? false}
      onClick={onSelect}
      className={classes(itemClass, danger && 'text-signal-ink')}
    >
      <span className={classes('flex w-4 justify-center', !danger && 'text-ink-faint')}>{icon}</span>
      {children}
    </Primitive.Item>
  )
}

export function MenuLinkItem({
  icon,
  render,
  children,
}: {
  icon?: ReactNode
  render: ReactElement
  children: ReactNode
}) {
  return (
    <Primitive.LinkItem render={render} className={itemClass} closeOnClick>
      <span className="flex w-4 justify-center text-ink-faint">{icon}</span>
      {children}
    </Primitive.LinkItem>
  )
}

export const MenuLine = () => <Primitive.Separator className="my-1 h-px bg-line" />

export function MenuGroup({ label, children }: { label: string; children: ReactNode }) {
  return (
    <Primitive.Group>
      <Primitive.GroupLabel className="px-2.5 pt-2 pb-1 text-ink-faint text-xs">{label}</Primitive.GroupLabel>
      {children}
    </Primitive.Group>
  )
}

interface RadioProps<T extends string> {
  value: T
  choices: readonly { value: T; label: string }[]
  onChange(value: NoInfer<T>): void
}

export function MenuRadio<T extends string>({ value, choices, onChange }: RadioProps<T>) {
  return (
    <Primitive.RadioGroup value={value} onValueChange={(next) => onChange(next as T)}>
      {choices.map((choice) => (
        <Primitive.RadioItem key={choice.value} value={choice.value} className={itemClass} closeOnClick>
          <span className="flex w-4 justify-center">
            <Primitive.RadioItemIndicator className="size-1.5 rounded-full bg-pine" />
          </span>
          {choice.label}
        </Primitive.RadioItem>
      ))}
    </Primitive.RadioGroup>
  )
}
