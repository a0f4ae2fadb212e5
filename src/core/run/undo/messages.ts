import { declareMessages } from '../../declare/declare-messages.ts'

/** Why undo leaves something as it is. */
export const reasons = declareMessages('undo', {
  changedSince: { text: 'It was changed later' },
  removedSince: { text: 'It was removed later' },
  usedSince: { text: 'Something that was added later refers to it' },
  madeTogether: { text: 'It was made together with something that stays' },
  missing: { text: 'It refers to something that no longer exists' },
  taken: { text: 'Something else has taken its place' },
  erased: { text: 'The log no longer has its content' },
  secretsGone: { text: 'The time in which it could be put back is over' },
  givesAccess: { text: 'What gives access is not put back: make it anew' },
  unsound: { text: 'Undoing it would break a rule: {{problem}}' },
  wholeOnly: { text: 'Such a change is undone as a whole or not at all' },
})
