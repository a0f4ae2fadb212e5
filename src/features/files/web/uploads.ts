import type { TFunction } from 'i18next'
import { useCallback, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { CallError } from '../../../ui/call.ts'
import { upload } from '../../../ui/upload.ts'
import { ENDINGS, FILE_BYTES, upload_file } from '../contract/index.ts'

/** A running upload, or a failed one with the reason. */
export interface Sending {
  readonly id: number
  readonly file: File
  readonly part: number
  readonly trouble: string | null
  /** Whether a retry may succeed. */
  readonly hopeful: boolean
}

/** More parallel uploads would not be faster. */
const AT_ONCE = 3

let ids = 0

/** The uploads to a trip, a few at a time. Leaving the page cancels unfinished ones. */
export function useUploads(tripId: number) {
  const { t } = useTranslation()
  const [sendings, setSendings] = useState<readonly Sending[]>([])
  const running = useRef(new Map<number, AbortController>())
  const waiting = useRef<Sending[]>([])

  useEffect(() => {
    const under = running.current
    return () => {
      waiting.current = []
      for (const controller of under.values()) controller.abort()
    }
  }, [])

  const change = useCallback(
    (id: number, values: Partial<Sending>) =>
      setSendings((all) => all.map((one) => (one.id === id ? { ...one, ...values } : one))),
    [],
  )
  const dismiss = useCallback((id: number) => {
    waiting.current = waiting.current.filter((one) => one.id !== id)
    running.current.get(id)?.abort()
    setSendings((all) => all.filter((one) => one.id !== id))
  }, [])

  const next = useCallback(() => {
    while (running.current.size < AT_ONCE) {
      const sending = waiting.current.shift()
      if (!sending) return
      const controller = new AbortController()
      running.current.set(sending.id, controller)
      void upload(upload_file, { tripId }, sending.file, {
        progress: (part) => change(sending.id, { part }),
        signal: controller.signal,
      })
        .then(
          () => dismiss(sending.id),
          (error) => {
            if (error instanceof DOMException) return
            const known = error instanceof CallError ? error : null
            const unreachable = known?.code === 'unreachable'
            change(sending.id, {
              trouble: unreachable
                ? t('error.unreachable')
                : (known?.issues[0]?.message ?? known?.message ?? t('error.unexpected')),
              // A retry does not help if the file itself is invalid.
              hopeful: known?.code !== 'invalid',
            })
          },
        )
        .finally(() => {
          running.current.delete(sending.id)
          next()
        })
    }
  }, [tripId, change, dismiss, t])

  const add = useCallback(
    (files: readonly File[]) => {
      const added = files.map(
        (file): Sending => ({ id: ++ids, file, part: 0, trouble: troubleWith(file, t), hopeful: false }),
      )
      setSendings((all) => [...all, ...added])
      waiting.current.push(...added.filter(({ trouble }) => trouble === null))
      next()
    },
    [next, t],
  )

  const retry = useCallback(
    (id: number) => {
      const again = sendings.find((one) => one.id === id)
      if (!again) return
      change(id, { trouble: null, part: 0 })
      waiting.current.push(again)
      next()
    },
    [sendings, change, next],
  )

  return { sendings, add, dismiss, retry }
}

/** Why the server would refuse the file, so that it need not be sent. */
function troubleWith({ name, size }: File, t: TFunction): string | null {
  if (size === 0) return t('files.isEmpty')
  if (size > FILE_BYTES) return t('files.tooLarge')
  const ending = /\.([a-z0-9]{1,10})$/i.exec(name)?.[1]?.toLowerCase()
  return ending && !ENDINGS.includes(ending as (typeof ENDINGS)[number]) ? t('files.notTaken', { ending }) : null
}
