import { type RefObject, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { Overlaps } from './overlaps.tsx'

type FormTrouble = Parameters<typeof Overlaps>[0]['form'] & {
  readonly trouble: string | null
  readonly fieldErrors: readonly string[]
}

/** The error of a whole form: a sentence, the errors of fields that the form does not show, or the changes of others. */
export function Trouble({ form, text = form?.trouble ?? null }: { form?: FormTrouble; text?: string | null }) {
  const here = useRef<HTMLDivElement>(null)
  const unshown = useUnshown(here, form?.fieldErrors ?? [])
  const said = text ?? unshown
  return (
    <div ref={here} className="contents">
      {said && (
        <p role="alert" className="whitespace-pre-line rounded-md bg-signal-soft px-3 py-2.5 text-base text-signal-ink">
          {said}
        </p>
      )}
      {form && <Overlaps form={form} />}
    </div>
  )
}

/** The errors of fields that are nowhere else in the form, such as those of an input without a field, one per line. */
function useUnshown(here: RefObject<HTMLElement | null>, errors: readonly string[]): string {
  const [unshown, setUnshown] = useState('')
  // Read from the page, because only the page knows whether a field is there and shows its error.
  useLayoutEffect(() => {
    const form = here.current?.closest('form, [role="dialog"]')
    const alerts = [...(form?.querySelectorAll('[role="alert"]') ?? [])].filter((one) => !here.current?.contains(one))
    const shown = alerts.map((alert) => alert.textContent)
    setUnshown([...new Set(errors)].filter((error) => !shown.includes(error)).join('\n'))
  })
  useEffect(() => {
    if (unshown) here.current?.firstElementChild?.scrollIntoView({ block: 'center' })
  }, [here, unshown])
  return unshown
}
