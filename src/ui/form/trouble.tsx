/** What is wrong with a form as a whole. */
export const Trouble = ({ text }: { text: string | null }) =>
  text && (
    <p role="alert" className="rounded-md bg-signal-soft px-3 py-2.5 text-base text-signal-ink">
      {text}
    </p>
  )
