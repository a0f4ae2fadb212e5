import { CopyButton } from '../../../ui/design/copy-button.tsx'

/** Something to type on the server. */
export const CommandLine = ({ command, what }: { command: string; what: string }) => (
  <div className="mt-2 flex items-start justify-between gap-3 rounded-md border border-line bg-sunken py-1 pr-1 pl-3.5">
    <code className="wrap-anywhere min-w-0 py-1.5 font-mono text-sm leading-5">{command}</code>
    <CopyButton text={command} what={what} tone="plain" />
  </div>
)
