import { type ComponentType, lazy, type ReactNode } from 'react'

/** A component that is loaded when it is first shown, or before that when `preload` is called. */
export type Later<Props> = ((props: Props) => ReactNode) & { preload(): Promise<unknown> }

type PropsOf<Component> = Component extends ComponentType<infer Props> ? Props : never

/** The component of this name from a module that is loaded later: `later(() => import('./page.tsx'), 'Page')`. */
export function later<Name extends string, Module extends Record<Name, ComponentType<never>>>(
  load: () => Promise<Module>,
  name: Name,
): Later<PropsOf<Module[Name]>> {
  type Props = PropsOf<Module[Name]>
  const Component = lazy(async () => ({ default: (await load())[name] as ComponentType<Props> }))
  // React takes what lazy() gives wherever it takes a function of the same props.
  return Object.assign(Component as unknown as (props: Props) => ReactNode, { preload: load })
}
