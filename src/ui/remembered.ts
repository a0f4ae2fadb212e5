import { useState } from 'react'
import { rememberedAs } from './base-path.ts'

/** State stored in this browser; an unreadable value becomes the default. */
export function useRemembered<T extends string | number | boolean>(key: string, initial: T): [T, (value: T) => void] {
  const name = rememberedAs(`trek.${key}`)
  const [value, setValue] = useState<T>(() => {
    try {
      const stored: unknown = JSON.parse(localStorage.getItem(name) ?? 'null')
      return typeof stored === typeof initial ? (stored as T) : initial
    } catch {
      return initial
    }
  })
  return [
    value,
    (next) => {
      setValue(next)
      localStorage.setItem(name, JSON.stringify(next))
    },
  ]
}
