import { useTranslation } from 'react-i18next'
import { Checkbox } from '../../../ui/design/checkbox.tsx'

interface Props {
  checked: boolean
  onChange(checked: boolean): void
}

/** Whether a program can log in by itself. */
export function MachineTick(props: Props) {
  const { t } = useTranslation()
  return (
    <div>
      <Checkbox label={t('settings.machine')} {...props} />
      <p className="mt-1 pl-7.5 text-ink-faint text-xs">{t('settings.machineNote')}</p>
    </div>
  )
}
