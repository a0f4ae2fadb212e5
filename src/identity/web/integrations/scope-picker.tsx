import { useTranslation } from 'react-i18next'
import { Button } from '../../../ui/design/button.tsx'
import { Fold } from '../../../ui/design/fold.tsx'
import { OFFERED_SCOPES } from '../../contract/scopes.ts'
import { ScopeChoice } from '../connect/scope-choice.tsx'

const ALL = OFFERED_SCOPES.map(({ scope }) => scope)
const READING = ALL.filter((scope) => scope.endsWith(':read'))
const CHOICES = OFFERED_SCOPES.map((scope) => ({ ...scope, tools: [] }))

interface Props {
  value: readonly string[]
  error: string | undefined
  open: boolean
  onChange(scopes: string[]): void
}

/** The most a program can be granted. */
export function ScopePicker({ value: scopes, error, open, onChange }: Props) {
  const { t } = useTranslation()
  return (
    <div>
      {error && (
        <p role="alert" className="text-signal-ink text-sm">
          {error}
        </p>
      )}
      <Fold open={open} summary={t('settings.mayDoAtMost', { count: scopes.length, total: ALL.length })}>
        <div className="mb-3 flex flex-wrap gap-2">
          <Button size="small" onClick={() => onChange(ALL)}>
            {t('settings.everything')}
          </Button>
          <Button size="small" onClick={() => onChange(READING)}>
            {t('settings.readOnly')}
          </Button>
          <Button size="small" onClick={() => onChange([])}>
            {t('settings.nothing')}
          </Button>
        </div>
        <ScopeChoice
          scopes={CHOICES}
          chosen={new Set(scopes)}
          onChoose={(chosen) => onChange([...chosen])}
          disabled={false}
        />
      </Fold>
    </div>
  )
}
