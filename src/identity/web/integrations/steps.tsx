import { useTranslation } from 'react-i18next'
import type { Recipe } from './programs.ts'
import { Snippet } from './snippet.tsx'

/** The steps in order, each with what to paste. */
export function Steps({ recipe }: { recipe: Recipe }) {
  const { t } = useTranslation()
  return (
    <ol className="flex flex-col gap-5">
      {recipe.steps.map(({ says, snippet }, index) => (
        <li key={says} className="grid grid-cols-[1.5rem_minmax(0,1fr)] gap-x-3 gap-y-2">
          <span
            aria-hidden="true"
            className="figures flex size-6 items-center justify-center rounded-full bg-pine-soft font-semibold text-pine-ink text-xs"
          >
            {index + 1}
          </span>
          <p className="pt-0.5">{t(`settings.steps.${says}`)}</p>
          {snippet && (
            <div className="max-sm:col-span-2 sm:col-start-2">
              <Snippet {...snippet} />
            </div>
          )}
        </li>
      ))}
    </ol>
  )
}
