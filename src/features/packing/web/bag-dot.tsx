/** The colour of a bag, visible on light and dark. */
export const BagDot = ({ color }: { color: string }) => (
  <span
    aria-hidden="true"
    className="inline-block size-3 shrink-0 rounded-full"
    style={{
      backgroundColor: `color-mix(in srgb, ${color} 82%, var(--ink))`,
      boxShadow: '0 0 0 2px color-mix(in srgb, var(--ink) 10%, transparent)',
    }}
  />
)
