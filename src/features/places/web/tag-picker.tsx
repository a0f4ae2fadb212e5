import { Toggle } from '@base-ui/react/toggle'
import { ToggleGroup } from '@base-ui/react/toggle-group'
import { Plus, Settings2 } from 'lucide-react'
import { type KeyboardEvent, useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { IconButton } from '../../../ui/design/icon-button.tsx'
import { useAct } from '../../../ui/live/act.ts'
import { forget } from '../../../ui/query.ts'
import { create_tag, list_tags } from '../contract/index.ts'
import { TagDot } from './tag-chip.tsx'
import { TAG_COLOURS, TagList } from './tag-list.tsx'
import { useTags } from './tags.ts'

interface Props {
  value: readonly number[]
  onChange(tagIds: number[]): void
}

/** One’s own tags for a place; typing a new name creates one. */
export function TagPicker({ value: chosen, onChange }: Props) {
  const { t } = useTranslation()
  const heading = useId()
  const act = useAct()
  const { tags } = useTags()
  const [name, setName] = useState('')
  const [managing, setManaging] = useState(false)

  async function add() {
    const wanted = name.trim()
    if (!wanted) return
    const known = tags.find((tag) => tag.name.toLowerCase() === wanted.toLowerCase())
    setName('')
    if (known) return onChange([...new Set([...chosen, known.id])])
    const made = await act(create_tag, { name: wanted, color: TAG_COLOURS[tags.length % TAG_COLOURS.length] })
    if (!made) return setName(wanted)
    await forget(list_tags)
    onChange([...chosen, made.tag.id])
  }

  function keys(event: KeyboardEvent) {
    if (event.key !== 'Enter' || event.nativeEvent.isComposing) return
    // This must not submit the surrounding form.
    event.preventDefault()
    void add()
  }

  return (
    <fieldset aria-labelledby={heading} className="flex flex-col gap-1.5">
      <div className="flex h-6 items-center justify-between gap-2">
        <span id={heading} className="font-medium text-sm">
          {t('tags.title')}
        </span>
        <span className="flex items-center gap-1 text-ink-faint text-xs">
          {t('tags.onlyYou')}
          {tags.length > 0 && (
            <IconButton
              label={t('tags.manage')}
              size="small"
              aria-expanded={managing}
              onClick={() => setManaging(!managing)}
            >
              <Settings2 size={15} aria-hidden="true" />
            </IconButton>
          )}
        </span>
      </div>
      <div className="flex flex-wrap items-center gap-1.5">
        <ToggleGroup
          multiple
          aria-labelledby={heading}
          value={chosen.map(String)}
          onValueChange={(next) => onChange(next.map(Number))}
          className="contents"
        >
          {tags.map((tag) => (
            <Toggle
              key={tag.id}
              value={String(tag.id)}
              className="flex h-8 max-w-full items-center gap-2 rounded-full border border-line bg-surface px-3 text-ink-soft text-sm transition-colors duration-(--fast) hover:border-line-strong data-pressed:border-pine-ink data-pressed:bg-pine-soft data-pressed:text-pine-ink"
            >
              <TagDot color={tag.color} />
              <span className="truncate">{tag.name}</span>
            </Toggle>
          ))}
        </ToggleGroup>
        <span className="flex h-8 items-center gap-1.5 rounded-full border border-line-strong border-dashed pr-2 pl-2.5 text-ink-faint focus-within:border-pine-ink">
          <Plus size={14} aria-hidden="true" />
          <input
            aria-label={t('tags.new')}
            placeholder={t('tags.new')}
            maxLength={100}
            value={name}
            onChange={(event) => setName(event.target.value)}
            onKeyDown={keys}
            onBlur={() => void add()}
            className="field-sizing-content min-w-16 max-w-40 bg-transparent text-ink text-sm outline-none"
          />
        </span>
      </div>
      {managing && tags.length > 0 && <TagList />}
    </fieldset>
  )
}
