import { Upload } from 'lucide-react'
import { type DragEvent, type ReactNode, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'

interface Props {
  /** Dropping is disabled. */
  closed?: boolean
  onFiles(files: File[]): void
  children: ReactNode
}

/** Takes dropped files, and files pasted while it is mounted. */
export function DropZone({ closed, onFiles, children }: Props) {
  const { t } = useTranslation()
  const [over, setOver] = useState(false)
  // Each nested element fires its own enter and leave; only the last leave ends the drag.
  const depth = useRef(0)
  const take = useRef(onFiles)
  take.current = onFiles

  useEffect(() => {
    if (closed) return
    const paste = (event: ClipboardEvent) => {
      const files = [...(event.clipboardData?.files ?? [])]
      if (!files.length) return
      event.preventDefault()
      take.current(files)
    }
    document.addEventListener('paste', paste)
    return () => document.removeEventListener('paste', paste)
  }, [closed])

  const isFiles = (event: DragEvent) => !closed && event.dataTransfer.types.includes('Files')
  return (
    <section
      aria-label={t('files.title')}
      className="relative min-h-full"
      onDragEnter={(event) => {
        if (!isFiles(event)) return
        event.preventDefault()
        depth.current++
        setOver(true)
      }}
      onDragOver={(event) => {
        if (isFiles(event)) event.preventDefault()
      }}
      onDragLeave={(event) => {
        if (!isFiles(event)) return
        depth.current--
        if (depth.current <= 0) setOver(false)
      }}
      onDrop={(event) => {
        if (!isFiles(event)) return
        event.preventDefault()
        depth.current = 0
        setOver(false)
        onFiles([...event.dataTransfer.files])
      }}
    >
      {children}
      {over && (
        <div className="pointer-events-none fixed inset-4 z-30 flex flex-col items-center justify-center gap-3 rounded-xl border-2 border-pine border-dashed bg-pine-soft/90 text-pine-ink sm:inset-8">
          <Upload size={32} aria-hidden="true" />
          <p className="title text-2xl">{t('files.dropHere')}</p>
        </div>
      )}
    </section>
  )
}
