import { globSync, readFileSync } from 'node:fs'
import { UsersRound } from 'lucide-react'
import { createElement } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import { expect, test } from 'vitest'
import { Notice } from './notice.tsx'

type Props = Parameters<typeof Notice>[0]

const render = (props: Props) => renderToStaticMarkup(createElement(Notice, props))

test('each tone has its icon, which screen readers skip', () => {
  const icons = (['info', 'caution', 'warning', 'failure'] as const).map((tone) => {
    const [, icon = ''] = /<svg[^>]* class="lucide lucide-([\w-]+)/.exec(render({ tone, children: 'Text' })) ?? []
    return icon
  })
  expect(icons).toEqual(['info', 'triangle-exclamation-point', 'triangle-exclamation-point', 'circle-x'])
  expect(render({ tone: 'info' })).toContain('aria-hidden="true"')
  expect(render({ tone: 'warning', icon: UsersRound })).toContain('lucide-users-round')
})

test('a text becomes a paragraph below the title, and the action stands beside both', () => {
  const markup = render({
    tone: 'failure',
    title: 'Title',
    children: 'Text',
    action: createElement('button', { type: 'button' }),
  })
  expect(markup).toMatch(/<p[^>]*>Title<\/p><p>Text<\/p><\/div><\/div><button type="button"><\/button><\/div>$/)
  expect(render({ tone: 'info', children: createElement('p', {}, 'Text') })).not.toContain('<p><p>')
})

test('only an urgent notice interrupts screen readers', () => {
  expect(render({ tone: 'warning', urgent: true })).toContain('role="alert"')
  expect(render({ tone: 'warning' })).not.toContain('role=')
})

test('no screen draws a notice of its own', () => {
  const screens = globSync(['src/features/*/web/**/*.tsx', 'src/identity/web/**/*.tsx', 'src/app/**/*.tsx'])
  expect(screens.length).toBeGreaterThan(100)
  const box = /rounded-(md|lg)[^'"]*\bbg-signal-soft|function Notice\b|const Notice\b/
  expect(screens.filter((file) => box.test(readFileSync(file, 'utf8')))).toEqual([])
})
