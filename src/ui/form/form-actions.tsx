import { useTranslation } from 'react-i18next'
import { Button } from '../design/button.tsx'
import { DialogActions } from '../design/dialog.tsx'

interface Props {
  /** What the button that submits the form says. */
  submit: string
  busy: boolean
  onCancel(): void
}

/** The buttons at the end of a form in a dialog. */
export function FormActions({ submit, busy, onCancel }: Props) {
  const { t } = useTranslation()
  return (
    <DialogActions>
      <Button onClick={onCancel}>{t('cancel')}</Button>
      <Button type="submit" tone="primary" busy={busy}>
        {submit}
      </Button>
    </DialogActions>
  )
}
