import { Toggle } from '@base-ui/react/toggle'
import { ToggleGroup } from '@base-ui/react/toggle-group'
import { Check, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../../ui/design/button.tsx'
import { controlClass } from '../../../ui/design/field.tsx'
import { IconButton } from '../../../ui/design/icon-button.tsx'
import { useAct } from '../../../ui/live/act.ts'
import { forget } from '../../../ui/query.ts'
import { delete_tag, list_tags, update_tag } from '../contract/index.ts'
import { TagDot } from './tag-chip.tsx'
import { type TagRow, useTags } from './tags.ts'

/** Calm, distinguishable colours with their names. */
const COLOURS = {
  green: '#10b981',
  blue: '#3b82f6',
  violet: '#8b5cf6',
  pink: '#ec4899',
  red: '#dc4c3e',
  orange: '#f08c2e',
  yellow: '#d9a514',
  grey: '#7a7567',
} as const

export const TAG_COLOURS: readonly string[] = Object.values(COLOURS)

/** One’s own tags, to rename, recolour and delete. */
export function TagList() {
  const { t } = useTranslation()
  const { tags } = useTags()
  return (
    <div className="rounded-md border border-line bg-sunken px-3 py-2">
      <p className="pt-1 text-ink-soft text-sm">{t('tags.manageBody')}</p>
      <ul className="flex flex-col divide-y divide-line">
        {tags.map((tag) => (
          <TagLine key={tag.id} tag={tag} />
        ))}
      </ul>
    </div>
  )
}

function TagLine({ tag }: { tag: TagRow }) {
  const { t } = useTranslation()
  const act = useAct()
  const [name, setName] = useState(tag.name)
  const [asking, setAsking] = useState(false)

  async function change(patch: { name?: string; color?: string }) {
    const done = await act(update_tag, { tagId: tag.id, ...patch })
    if (!done) setName(tag.name)
    await forget(list_tags)
  }

  async function remove() {
    await act(delete_tag, { tagId: tag.id })
    await forget(list_tags)
  }

  if (asking) {
    return (
      <li className="flex min-h-16 flex-wrap items-center gap-2 py-2.5">
        <span className="min-w-0 flex-1">{t('tags.deleteAsk', { name: tag.name })}</span>
        <Button size="small" onClick={() => setAsking(false)}>
          {t('cancel')}
        </Button>
        <Button size="small" tone="danger" onClick={() => void remove()}>
          {t('delete')}
        </Button>
      </li>
    )
  }
  return (
    <li className="flex flex-col gap-2 py-3">
      <div className="flex items-center gap-2">
        <TagDot color={tag.color} />
        <input
          aria-label={t('tags.rename', { name: tag.name })}
          maxLength={100}
          value={name}
          onChange={(event) => setName(event.target.value)}
          onKeyDown={(event) => event.key === 'Enter' && event.currentTarget.blur()}
          onBlur={() => {
            if (!name.trim()) setName(tag.name)
            else if (name.trim() !== tag.name) void change({ name: name.trim() })
          }}
          className={`${controlClass} h-9`}
        />
        <IconButton label={t('tags.delete', { name: tag.name })} size="small" onClick={() => setAsking(true)}>
          <Trash2 size={16} aria-hidden="true" />
        </IconButton>
      </div>
      <ToggleGroup
        aria-label={t('tags.colour', { name: tag.name })}
        value={[tag.color]}
        onValueChange={([color]) => color && void change({ color: color as string })}
        className="ml-4 flex gap-1"
      >
        {Object.entries(COLOURS).map(([word, color]) => (
          <Toggle
            key={color}
            value={color}
            aria-label={t(`tags.colours.${word}`)}
            className="group flex size-8 items-center justify-center rounded-full hover:bg-hover"
          >
            <span
              className="flex size-5 items-center justify-center rounded-full text-on-pine ring-offset-2 ring-offset-paper group-data-pressed:ring-2 group-data-pressed:ring-ink"
              style={{ backgroundColor: color }}
            >
              <Check
                size={12}
                strokeWidth={3}
                aria-hidden="true"
                className="hidden text-white group-data-pressed:block"
              />
            </span>
          </Toggle>
        ))}
      </ToggleGroup>
    </li>
  )
}
