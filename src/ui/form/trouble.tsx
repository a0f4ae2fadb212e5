import { Overlaps } from './overlaps.tsx'

type FormTrouble = Parameters<typeof Overlaps>[0]['form'] & { readonly trouble: string | null }

/** What is wrong with a form as a whole, in one sentence or as what others have changed meanwhile. */
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
