/** Web addresses in running text, without the punctuation that ends a sentence. */
const ADDRESS = /\bhttps?:\/\/[^\s<>"]+[^\s<>".,;:!?)\]}'’]/gi

/** A message as it was typed, with its web addresses as links. */
export function LinkedText({ text }: { text: string }) {
  const parts: React.ReactNode[] = []
  let end = 0
  for (const match of text.matchAll(ADDRESS)) {
    const [address] = match
    if (!URL.canParse(address)) continue
    parts.push(
      text.slice(end, match.index),
      <a
        key={match.index}
        href={address}
        target="_blank"
        rel="noopener noreferrer"
        className="underline underline-offset-2"
      >
        {address}
      </a>,
    )
    end = match.index + address.length
  }
  return (
    <p className="wrap-anywhere whitespace-pre-wrap">
      {parts}
      {text.slice(end)}
    </p>
  )
}
