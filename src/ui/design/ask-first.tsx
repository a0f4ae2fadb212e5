import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button, type Tone } from './button.tsx'
import { Dialog, DialogActions } from './dialog.tsx'

interface Props {
  open: boolean
  onClose(): void
  title: string
  body: string
  /** The label of the button that does it. */
  action: string
  tone?: Tone
  onDo(): Promise<unknown>
}

/** Asks for confirmation of what the person cannot undo. */
export function AskFirst({ open, onClose, title, body, action, tone = 'danger', onDo }: Props) {
  const { t } = useTranslation()
  const [busy, setBusy] = useState(false)

  async function go() {
    setBusy(true)
    await onDo()
    setBusy(false)
  }

  return (
    <Dialog open={open} onClose={onClose} title={title} description={body}>
      <DialogActions>
        <Button onClick={onClose}>{t('cancel')}</Button>
        <Button tone={tone} busy={busy} onClick={() => void go()}>
          {action}
        </Button>
      </DialogActions>
    </Dialog>
  )
}
