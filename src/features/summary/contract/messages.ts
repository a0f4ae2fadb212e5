import { declareMessages } from '../../../core/declare/declare-messages.ts'

export const messages = declareMessages('summary', {
  dayOnlyOfDays: {
    text: 'is allowed only with the section days',
    hint: 'Leave section out to read a day.',
  },
  allButTitle: { text: 'all but its title {{reason}}' },
  sectionBarred: {
    code: 'forbidden',
    text: 'You cannot read the section {{section}}: {{reason}}',
    hint: 'Call get_trip_summary for the sections that you can read; omitted lists the others.',
  },
})
