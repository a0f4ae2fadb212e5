import { Menu as Primitive } from '@base-ui/react/menu'
import { Copy, MoreHorizontal, Reply, SmilePlus, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../../ui/design/button.tsx'
import { Dialog, DialogActions } from '../../../ui/design/dialog.tsx'
import { IconButton } from '../../../ui/design/icon-button.tsx'
import { Menu, MenuItem, MenuLine } from '../../../ui/design/menu.tsx'
import { tell } from '../../../ui/design/toast.tsx'
import { patched, useAct } from '../../../ui/live/act.ts'
import { CollabMessage, delete_collab_message, type MessageRow } from '../contract/index.ts'
import { MORE, QUICK } from './emoji.ts'
import { useReact } from './reactions.tsx'

interface Props {
  message: MessageRow
  isMine: boolean
  onReply(message: MessageRow): void
}

const emojiClass =
  'flex size-9 items-center justify-center rounded-sm text-xl outline-none hover:bg-hover data-highlighted:bg-hover'

/** The actions on a message: react, reply, copy, and delete one's own. */
export function MessageMenu({ message, isMine, onReply }: Props) {
  const { t } = useTranslation()
  const act = useAct()
  const react = useReact()
  const [asking, setAsking] = useState<'emoji' | 'delete' | null>(null)
  const { id, trip_id: tripId, text } = message

  async function copy() {
    await navigator.clipboard.writeText(text)
    tell(t('together.copied'))
  }

  function remove() {
    setAsking(null)
    const deletion = patched(CollabMessage, id, { deleted: true, text: '', reactions: [] })
    void act(delete_collab_message, { tripId, messageId: id }, [deletion])
  }

  return (
    <>
      <Menu
        align={isMine ? 'end' : 'start'}
        trigger={
          <IconButton
            label={t('together.messageMenu')}
            size="small"
            className="shrink-0 opacity-70 focus-visible:opacity-100 group-hover:opacity-100 data-popup-open:opacity-100 [@media(hover:hover)]:opacity-0 [@media(hover:hover)]:data-popup-open:opacity-100 [@media(hover:hover)]:focus-visible:opacity-100 [@media(hover:hover)]:group-hover:opacity-100"
          >
            <MoreHorizontal size={16} aria-hidden="true" />
          </IconButton>
        }
      >
        <div className="grid grid-cols-[repeat(8,2.25rem)] max-[380px]:grid-cols-[repeat(4,2.25rem)]">
          {QUICK.map((emoji) => (
            <Primitive.Item key={emoji} label={emoji} onClick={() => react(message, emoji)} className={emojiClass}>
              {emoji}
            </Primitive.Item>
          ))}
        </div>
        <MenuLine />
        <MenuItem icon={<SmilePlus size={16} />} onSelect={() => setAsking('emoji')}>
          {t('together.moreEmoji')}
        </MenuItem>
        <MenuItem icon={<Reply size={16} />} onSelect={() => onReply(message)}>
          {t('together.reply')}
        </MenuItem>
        <MenuItem icon={<Copy size={16} />} onSelect={() => void copy()}>
          {t('copy')}
        </MenuItem>
        {isMine && (
          <MenuItem icon={<Trash2 size={16} />} danger onSelect={() => setAsking('delete')}>
            {t('delete')}
          </MenuItem>
        )}
      </Menu>
      <Dialog open={asking === 'emoji'} onClose={() => setAsking(null)} title={t('together.react')}>
        <ul className="grid grid-cols-[repeat(auto-fill,minmax(2.5rem,1fr))] gap-1">
          {[...QUICK, ...MORE].map((emoji) => (
            <li key={emoji}>
              <button
                type="button"
                onClick={() => {
                  setAsking(null)
                  react(message, emoji)
                }}
                className={emojiClass}
              >
                {emoji}
              </button>
            </li>
          ))}
        </ul>
      </Dialog>
      <Dialog
        open={asking === 'delete'}
        onClose={() => setAsking(null)}
        title={t('together.deleteMessage')}
        description={t('together.deleteMessageBody')}
      >
        <DialogActions>
          <Button onClick={() => setAsking(null)}>{t('cancel')}</Button>
          <Button tone="danger" onClick={remove}>
            {t('together.deleteIt')}
          </Button>
        </DialogActions>
      </Dialog>
    </>
  )
}
