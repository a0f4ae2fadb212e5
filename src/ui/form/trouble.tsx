import { Overlaps } from './overlaps.tsx'

type FormTrouble = Parameters<typeof Overlaps>[0]['form'] & { readonly trouble: string | null }

/** The error of a whole form: a sentence, or the changes of others. */
export const Trouble = ({ form, text = form?.trouble ?? null }: { form?: FormTrouble; text?: string | null }) => (
  <>
    {text && (
      <p role="alert" className="rounded-md bg-signal-soft px-3 py-2.5 text-base text-signal-ink">
        {text}
      </p>
    )}
    {form && <Overlaps form={form} />}
  </>
)
