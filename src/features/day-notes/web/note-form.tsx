import { Toggle } from '@base-ui/react/toggle'
import { ToggleGroup } from '@base-ui/react/toggle-group'
import { type FormEvent, type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../../ui/design/button.tsx'
import { classes } from '../../../ui/design/class-names.ts'
import { textOrNull } from '../../../ui/form/form.ts'
import type { NoteValues } from '../../plan/web/note-actions.ts'
import { NOTE_ICONS, NoteIcon } from './note-icon.tsx'

interface Props {
  start: NoteValues
  /** Returns whether it was saved. */
  onSave(values: NoteValues): Promise<boolean>
  onCancel(): void
}

const fieldClass =
  'w-full min-w-0 rounded-sm bg-transparent px-2 py-1 text-base outline-none placeholder:text-ink-faint focus:bg-hover'

/** The form of a note: an icon, the text and a time. */
export function NoteForm({ start, onSave, onCancel }: Props) {
  const { t } = useTranslation()
  const [text, setText] = useState(start.text)
  const [time, setTime] = useState(start.time ?? '')
  const [icon, setIcon] = useState(start.icon)
  const [choosing, setChoosing] = useState(false)
  const [busy, setBusy] = useState(false)
  const whole = useRef<HTMLFormElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the icons make it taller, and it must stay in sight
  useEffect(() => {
    whole.current?.scrollIntoView({ block: 'nearest' })
  }, [choosing])

  async function save(event?: FormEvent) {
    event?.preventDefault()
    if (!text.trim() || busy) return
    setBusy(true)
    if (!(await onSave({ text: text.trim(), time: textOrNull(time), icon }))) setBusy(false)
  }

  function keys(event: KeyboardEvent) {
    if (event.key === 'Escape') {
      event.stopPropagation()
      onCancel()
    }
    if (event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing) void save(event)
  }

  return (
    <form
      ref={whole}
      onSubmit={save}
      className="my-1 scroll-my-2 ml-4 rounded-md border border-line-strong bg-surface p-1.5 shadow-lift"
    >
      <div className="flex items-start gap-1">
        <button
          type="button"
          aria-expanded={choosing}
          aria-label={t('dayNotes.chooseIcon', { icon: t(`dayNotes.icon.${wordOf(icon)}`) })}
          onClick={() => setChoosing(!choosing)}
          className="flex size-8 shrink-0 items-center justify-center rounded-sm border border-line text-pine-ink hover:border-line-strong hover:bg-hover"
        >
          <NoteIcon icon={icon} size={16} />
        </button>
        <textarea
          aria-label={t('dayNotes.text')}
          // biome-ignore lint/a11y/noAutofocus: the person has just asked to write here
          autoFocus
          rows={1}
          maxLength={500}
          value={text}
          placeholder={t('dayNotes.placeholder')}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={keys}
          className={classes(fieldClass, 'field-sizing-content max-h-40 resize-none leading-6')}
        />
      </div>
      {choosing && <IconChoice icon={icon} onChange={setIcon} />}
      <div className="mt-1 flex items-center gap-1.5">
        <input
          aria-label={t('dayNotes.time')}
          maxLength={250}
          value={time}
          placeholder={t('dayNotes.timePlaceholder')}
          onChange={(event) => setTime(event.target.value)}
          onKeyDown={keys}
          className={classes(fieldClass, 'h-8 text-sm')}
        />
        <Button size="small" tone="plain" onClick={onCancel}>
          {t('cancel')}
        </Button>
        <Button size="small" tone="primary" type="submit" busy={busy} disabled={!text.trim()}>
          {t('save')}
        </Button>
      </div>
    </form>
  )
}

const wordOf = (icon: string): string => NOTE_ICONS.find((one) => one.icon === icon)?.word ?? 'other'

function IconChoice({ icon, onChange }: { icon: string; onChange(icon: string): void }) {
  const { t } = useTranslation()
  return (
    <ToggleGroup
      aria-label={t('dayNotes.icons')}
      value={[icon]}
      onValueChange={([next]) => next && onChange(next as string)}
      className="mt-1 grid grid-cols-10 gap-0.5 border-line border-t pt-1.5"
    >
      {NOTE_ICONS.map((one) => (
        <Toggle
          key={one.icon}
          value={one.icon}
          aria-label={t(`dayNotes.icon.${one.word}`)}
          className="flex h-8 items-center justify-center rounded-sm text-ink-soft hover:bg-hover data-pressed:bg-pine-soft data-pressed:text-pine-ink"
        >
          <NoteIcon icon={one.icon} size={16} />
        </Toggle>
      ))}
    </ToggleGroup>
  )
}
