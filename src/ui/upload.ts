import type { AnyOperation, Output } from '../core/declare/operation.ts'
import { CallError, type InputOf, requestFor, troubleIn } from './call.ts'

interface Watch {
  /** Called with the part that has arrived, from 0 to 1. */
  progress?(part: number): void
  signal?: AbortSignal
}

/** Calls an operation that takes a file. Only XMLHttpRequest reports the progress of an upload. */
export function upload<Op extends AnyOperation>(
  operation: Op,
  input: Omit<InputOf<Op>, 'file'>,
  file: File,
  { progress, signal }: Watch = {},
): Promise<Output<Op>> {
  const { method, url, body } = requestFor(operation, input as Record<string, unknown>)
  const form = new FormData()
  for (const [key, value] of Object.entries(JSON.parse(body ?? '{}'))) form.append(key, String(value))
  form.append('file', file)
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open(method, url)
    request.responseType = 'json'
    request.upload.onprogress = ({ loaded, total }) => progress?.(total ? loaded / total : 0)
    request.onload = () => {
      if (request.status < 300) resolve(request.response)
      else reject(troubleIn(request.status, request.response))
    }
    request.onerror = () => reject(new CallError({ code: 'unreachable', message: 'The server cannot be reached.' }))
    request.onabort = () => reject(new DOMException('Stopped', 'AbortError'))
    signal?.addEventListener('abort', () => request.abort())
    request.send(form)
  })
}
