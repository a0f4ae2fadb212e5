/** Copies a text to the clipboard. Over plain HTTP browsers hide the clipboard, so this uses the older way. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return copyMarked(text)
  }
}

function copyMarked(text: string): boolean {
  const holder = document.createElement('span')
  holder.textContent = text
  Object.assign(holder.style, { position: 'fixed', opacity: '0', whiteSpace: 'pre', userSelect: 'text' })
  document.body.append(holder)
  const selection = getSelection()
  selection?.selectAllChildren(holder)
  try {
    return document.execCommand('copy')
  } finally {
    selection?.removeAllRanges()
    holder.remove()
  }
}
