import { Suspense, useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import type { Panel } from '../registration.ts'
import { PageSkeleton } from './states.tsx'
import { Tabs } from './tabs.tsx'

interface Props {
  label: string
  panels: readonly Panel[]
  open: string | undefined
  onOpen(value: string): void
}

/** The panels registered by features, one at a time. */
export function Panels({ label, panels, open, onOpen }: Props) {
  const { t } = useTranslation()
  // So that changing tabs does not wait.
  useEffect(() => {
    for (const { Panel } of panels) void Panel.preload()
  }, [panels])
  return (
    <Tabs
      label={label}
      value={open}
      onChange={onOpen}
      tabs={panels.map(({ value, label, Panel }) => ({
        value,
        label: t(label),
        panel: (
          <Suspense fallback={<PageSkeleton />}>
            <Panel />
          </Suspense>
        ),
      }))}
    />
  )
}
