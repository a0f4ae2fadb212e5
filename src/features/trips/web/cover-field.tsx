import { ImageUp, X } from 'lucide-react'
import { type ClipboardEvent, type DragEvent, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { CallError, call } from '../../../ui/call.ts'
import { Button } from '../../../ui/design/button.tsx'
import { classes } from '../../../ui/design/class-names.ts'
import { IconButton } from '../../../ui/design/icon-button.tsx'
import { forget } from '../../../ui/query.ts'
import { upload } from '../../../ui/upload.ts'
import { COVER_BYTES, upload_trip_cover } from '../../files/contract/index.ts'
import { list_trips, update_trip } from '../contract/index.ts'
import { TripCover } from './trip-cover.tsx'

/** The picture of a trip: chosen, dropped or pasted, and saved at once. */
export function CoverField({ trip }: { trip: { id: number; cover_image: string | null } }) {
  const { t } = useTranslation()
  const [part, setPart] = useState<number | null>(null)
  const [trouble, setTrouble] = useState<string | null>(null)
  const [over, setOver] = useState(false)
  const chooser = useRef<HTMLInputElement>(null)

  async function attempt(work: () => Promise<unknown>) {
    setTrouble(null)
    setPart(0)
    try {
      await work()
      void forget(list_trips)
    } catch (error) {
      const known = error instanceof CallError ? error : null
      const message = known?.message.replace(/^file: /, t('files.coverWrong')) ?? t('error.unexpected')
      setTrouble(known?.code === 'unreachable' ? t('error.unreachable') : message)
    } finally {
      setPart(null)
    }
  }

  function take(file: File | undefined) {
    if (!file) return
    if (file.size > COVER_BYTES) setTrouble(t('files.coverTooLarge'))
    else void attempt(() => upload(upload_trip_cover, { tripId: trip.id }, file, { progress: setPart }))
  }

  const remove = () => attempt(() => call(update_trip, { tripId: trip.id, cover_image: null }))

  return (
    <section
      aria-label={t('files.cover')}
      className="flex flex-col gap-1.5"
      onPaste={(event: ClipboardEvent) => {
        const [file] = event.clipboardData.files
        if (!file) return
        event.preventDefault()
        take(file)
      }}
      onDragOver={(event: DragEvent) => {
        if (!event.dataTransfer.types.includes('Files')) return
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event: DragEvent) => {
        event.preventDefault()
        setOver(false)
        take(event.dataTransfer.files[0])
      }}
    >
      <TripCover
        trip={trip}
        className={classes('h-36 rounded-lg border border-line', over && 'outline-2 outline-pine-ink outline-dashed')}
      >
        <div className="absolute right-2 bottom-2 flex items-center gap-2">
          {trip.cover_image && (
            <IconButton
              label={t('files.removeCover')}
              size="small"
              disabled={part !== null}
              onClick={() => void remove()}
              className="border border-line bg-surface"
            >
              <X size={16} aria-hidden="true" />
            </IconButton>
          )}
          <Button
            size="small"
            icon={<ImageUp size={15} aria-hidden="true" />}
            busy={part !== null}
            onClick={() => chooser.current?.click()}
          >
            {t(trip.cover_image ? 'files.changeCover' : 'files.chooseCover')}
          </Button>
        </div>
        {part !== null && (
          <div className="absolute inset-x-0 bottom-0 h-1 bg-hover">
            <div className="h-full bg-pine transition-[width]" style={{ width: `${part * 100}%` }} />
          </div>
        )}
      </TripCover>
      <input
        ref={chooser}
        type="file"
        hidden
        accept="image/jpeg,image/png,image/gif,image/webp"
        onChange={(event) => {
          take(event.target.files?.[0])
          event.target.value = ''
        }}
      />
      {trouble ? (
        <p role="alert" className="text-signal-ink text-sm">
          {trouble}
        </p>
      ) : (
        <p className="text-ink-faint text-xs">{t('files.coverNote')}</p>
      )}
    </section>
  )
}
