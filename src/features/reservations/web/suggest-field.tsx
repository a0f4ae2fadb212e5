import { Autocomplete } from '@base-ui/react/autocomplete'
import { type ReactNode, useEffect, useState } from 'react'
import { classes } from '../../../ui/design/class-names.ts'
import { controlClass, FieldFrame } from '../../../ui/design/field.tsx'
import { popupClass } from '../../../ui/design/popup.ts'

export interface Suggestion {
  readonly key: string
  readonly label: string
  readonly note: string | null
  readonly icon?: ReactNode
}

interface Props<S extends Suggestion> {
  label: string
  placeholder?: string
  text: string
  suggestions: readonly S[]
  onText(text: string): void
  onPick(suggestion: S): void
}

/** A text field with suggestions below it. */
export function SuggestField<S extends Suggestion>(props: Props<S>) {
  const { label, placeholder, text, suggestions, onText, onPick } = props
  const [open, setOpen] = useState(false)
  return (
    <Autocomplete.Root
      open={open && suggestions.length > 0}
      onOpenChange={setOpen}
      items={suggestions}
      mode="none"
      value={text}
      itemToStringValue={(suggestion: S) => suggestion.label}
      onValueChange={(next, { reason }) => {
        // Choosing a suggestion sets more than its text, so it is handled below.
        if (reason !== 'item-press') onText(next)
      }}
    >
      <FieldFrame label={label}>
        <Autocomplete.Input placeholder={placeholder} maxLength={200} className={classes(controlClass, 'h-10')} />
      </FieldFrame>
      <Autocomplete.Portal>
        <Autocomplete.Positioner sideOffset={4} align="start" className="z-60 outline-none">
          <Autocomplete.Popup
            className={classes(
              popupClass,
              'max-h-[min(20rem,var(--available-height))] w-(--anchor-width) overflow-auto',
            )}
          >
            <Autocomplete.List>
              {(suggestion: S) => (
                <Autocomplete.Item
                  key={suggestion.key}
                  value={suggestion}
                  onClick={() => onPick(suggestion)}
                  className="flex cursor-default select-none items-center gap-2.5 rounded-sm px-2.5 py-2 outline-none data-highlighted:bg-hover"
                >
                  {suggestion.icon && <span className="shrink-0 text-ink-faint">{suggestion.icon}</span>}
                  <span className="min-w-0 flex-1">
                    <span className="block truncate text-base">{suggestion.label}</span>
                    {suggestion.note && (
                      <span className="block truncate text-ink-faint text-xs">{suggestion.note}</span>
                    )}
                  </span>
                </Autocomplete.Item>
              )}
            </Autocomplete.List>
          </Autocomplete.Popup>
        </Autocomplete.Positioner>
      </Autocomplete.Portal>
    </Autocomplete.Root>
  )
}

const PAUSE = 250

/** The text once typing pauses. */
export function usePaused(text: string): string {
  const [paused, setPaused] = useState(text)
  useEffect(() => {
    const timer = setTimeout(() => setPaused(text), PAUSE)
    return () => clearTimeout(timer)
  }, [text])
  return paused
}
