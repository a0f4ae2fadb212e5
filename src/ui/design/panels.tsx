import { Suspense, useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import type { Panel } from '../registration.ts'
import { PageTitle } from './page-title.tsx'
import { PageSkeleton } from './states.tsx'
import { selectedOf, Tabs } from './tabs.tsx'

interface Props {
  label: string
  panels: readonly Panel[]
  open: string | undefined
  onOpen(value: string): void
}

/** The panels registered by features, one at a time. The open one is the title of the page. */
export function Panels({ label, panels, open, onOpen }: Props) {
  const { t } = useTranslation()
  // So that changing tabs does not wait.
  useEffect(() => {
    for (const { Panel } of panels) void Panel.preload()
  }, [panels])
  const selected = selectedOf(panels, open)
  return (
    <>
      <PageTitle of={[selected && t(selected.label), label]} />
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
    </>
  )
}
