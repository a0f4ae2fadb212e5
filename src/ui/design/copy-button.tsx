import { Check, Copy } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { copyText } from '../copy-text.ts'
import { Button, type Tone } from './button.tsx'
import { classes } from './class-names.ts'
import { tellTrouble } from './toast.tsx'

interface Props {
  text: string
  /** The name of the text, which screen readers read after the label. */
  what: string
  tone?: Tone
  size?: 'small' | 'normal'
}

const SHOWN_MS = 2500

/** Copies a text and confirms it in place. */
export function CopyButton({ text, what, tone = 'quiet', size = 'small' }: Props) {
  const { t } = useTranslation()
  const [copied, setCopied] = useState(false)
  useEffect(() => {
    if (!copied) return
    const timer = setTimeout(() => setCopied(false), SHOWN_MS)
    return () => clearTimeout(timer)
  }, [copied])

  async function copy() {
    if (await copyText(text)) setCopied(true)
    else tellTrouble(t('copyByHand'))
  }

  const Icon = copied ? Check : Copy
  return (
    <Button
      tone={tone}
      size={size}
      icon={<Icon size={size === 'small' ? 14 : 16} aria-hidden="true" />}
      onClick={() => void copy()}
      className={classes('shrink-0', size === 'small' && 'max-sm:h-11 pointer-coarse:h-11')}
    >
      <span aria-live="polite">{copied ? t('copied') : t('copy')}</span>
      <span className="sr-only">{what}</span>
    </Button>
  )
}
