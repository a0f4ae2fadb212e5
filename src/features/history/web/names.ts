import i18next from 'i18next'

interface Named {
  readonly entity: string
  readonly title: string | null
}

/** What the kind of a row is called; the name of the entity if a newer version of TREK made it. */
export const kindOf = ({ entity }: Pick<Named, 'entity'>): string =>
  i18next.t(`history.kinds.${entity}`, { defaultValue: entity })

/** What a row is called: its own name, or its kind. */
export const nameOfRow = (row: Named): string => row.title ?? kindOf(row)
