import Markdown, { type Components } from 'react-markdown'

/** Headings rank below the title around them; pictures of other servers are not loaded, only named. */
const COMPONENTS: Components = {
  h1: 'h4',
  h2: 'h4',
  h3: 'h5',
  h4: 'h5',
  a: ({ href, children }) => (
    <a href={href} target="_blank" rel="noopener noreferrer" className="text-pine-ink underline underline-offset-2">
      {children}
    </a>
  ),
  img: ({ alt, src }) => <span className="italic">{alt || String(src ?? '')}</span>,
}

const LOOK =
  'wrap-anywhere text-base text-ink-soft [&>*+*]:mt-2 [&_blockquote]:border-line-strong [&_blockquote]:border-l-2 [&_blockquote]:pl-3 [&_code]:rounded-sm [&_code]:bg-hover [&_code]:px-1 [&_code]:text-sm [&_h4]:font-semibold [&_h4]:text-ink [&_h4]:text-lg [&_h5]:font-semibold [&_h5]:text-ink [&_hr]:border-line [&_li+li]:mt-0.5 [&_ol]:list-decimal [&_ol]:pl-5 [&_pre]:overflow-x-auto [&_pre]:rounded-sm [&_pre]:bg-hover [&_pre]:p-2 [&_pre_code]:bg-transparent [&_pre_code]:p-0 [&_strong]:text-ink [&_ul]:list-disc [&_ul]:pl-5'

/** A Markdown text. HTML in it stays text. */
export const MarkdownText = ({ text }: { text: string }) => (
  <div className={LOOK}>
    <Markdown components={COMPONENTS}>{text}</Markdown>
  </div>
)
