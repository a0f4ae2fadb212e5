/** Floating elements: menus, lists of choices, small panels. */
export const popupClass =
  'origin-(--transform-origin) rounded-md border border-line bg-surface p-1 text-ink shadow-float outline-none transition-[opacity,scale] duration-(--fast) data-ending-style:scale-98 data-ending-style:opacity-0 data-starting-style:scale-98 data-starting-style:opacity-0'

export const backdropClass =
  'fixed inset-0 z-40 bg-scrim transition-opacity duration-(--steady) data-ending-style:opacity-0 data-starting-style:opacity-0'
