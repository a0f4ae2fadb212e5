import { type ComponentType, lazy, type ReactNode } from 'react'

/** A component that loads when it is first shown, or earlier by `preload`. */
export type Later<Props> = ((props: Props) => ReactNode) & { preload(): Promise<unknown> }

type PropsOf<Component> = Component extends ComponentType<infer Props> ? Props : never

/** A component of a lazy module: `later(() => import('./page.tsx'), 'Page')`. */
export function later<Name extends string, Module extends Record<Name, ComponentType<never>>>(
  load: () => Promise<Module>,
  name: Name,
): Later<PropsOf<Module[Name]>> {
  type Props = PropsOf<Module[Name]>
  const Component = lazy(async () => ({ default: (await load())[name] as ComponentType<Props> }))
  // React accepts the result of lazy() wherever it accepts a function component with the same props.
  return Object.assign(Component as unknown as (props: Props) => ReactNode, { preload: load })
}
