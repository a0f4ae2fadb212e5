import { Plus, X } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../../ui/design/button.tsx'
import { LineField } from '../../../ui/design/field.tsx'
import { IconButton } from '../../../ui/design/icon-button.tsx'

const FEWEST = 2
const MOST = 20

/** The options of a new poll as typed. Each has its own number, so that removing one does not mix up the others. */
export function usePollOptions() {
  const [options, setOptions] = useState([1, 2].map((key) => ({ key, text: '' })))
  const [nextKey, setNextKey] = useState(3)
  const texts = options.map(({ text }) => text.trim())
  const lowerCaseTexts = texts.map((text) => text.toLowerCase())
  return {
    options,
    texts: texts.filter(Boolean),
    areTwice: lowerCaseTexts.some((text, index) => text !== '' && lowerCaseTexts.indexOf(text) !== index),
    write: (key: number, text: string) =>
      setOptions((before) => before.map((option) => (option.key === key ? { key, text } : option))),
    add() {
      setOptions((before) => [...before, { key: nextKey, text: '' }])
      setNextKey(nextKey + 1)
    },
    remove: (key: number) => setOptions((before) => before.filter((option) => option.key !== key)),
  }
}

interface Props {
  list: ReturnType<typeof usePollOptions>
  /** The error of the schema. */
  error: string | undefined
  /** Whether the person has tried to save. */
  tried: boolean
}

/** The options of a poll, one in each line. */
export function PollOptions({ list, error, tried }: Props) {
  const { t } = useTranslation()
  const { options, texts, areTwice, write, add, remove } = list
  const wrong = !tried
    ? undefined
    : areTwice
      ? t('together.optionsDifferent')
      : texts.length < FEWEST
        ? t('together.optionsTwo')
        : error
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="mb-1.5 font-medium text-sm">{t('together.options')}</legend>
      {options.map(({ key, text }, index) => (
        <div key={key} className="flex items-center gap-1">
          <LineField
            label={t('together.option', { number: index + 1 })}
            error={areTwice || !text.trim() ? wrong : undefined}
            placeholder={t('together.option', { number: index + 1 })}
            // Enter in the last line adds another, so that a poll can be written with the keyboard alone.
            onKeyDown={(event) => {
              if (event.key !== 'Enter' || index < options.length - 1 || !text.trim()) return
              event.preventDefault()
              if (options.length < MOST) add()
            }}
            // The person has just added it.
            autoFocus={key > FEWEST}
            value={text}
            maxLength={200}
            onChange={(next) => write(key, next)}
            className="h-10"
          />
          {options.length > FEWEST && (
            <IconButton label={t('together.removeOption', { number: index + 1 })} onClick={() => remove(key)}>
              <X size={16} aria-hidden="true" />
            </IconButton>
          )}
        </div>
      ))}
      {wrong && (
        <p role="alert" className="text-sm text-signal-ink">
          {wrong}
        </p>
      )}
      {options.length < MOST && (
        <Button
          tone="plain"
          size="small"
          icon={<Plus size={15} aria-hidden="true" />}
          onClick={add}
          className="self-start"
        >
          {t('together.addOption')}
        </Button>
      )}
    </fieldset>
  )
}
