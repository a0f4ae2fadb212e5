import { LRUCache } from 'lru-cache'

/** What the cache keeps of an answer: `text` is null for something that does not exist. */
interface Answer {
  readonly text: string | null
}

type Fetch = () => Promise<string | null>

/**
 * Caches texts up to a number of bytes, each for a limited time. Concurrent calls for one text share its fetch. An
 * expired text is removed even if nobody requests it: it can reveal what a person searched for.
 */
export class Cache {
  private readonly answers: LRUCache<string, Answer, Fetch>

  constructor(maxBytes: number) {
    this.answers = new LRUCache<string, Answer, Fetch>({
      maxSize: maxBytes,
      sizeCalculation: ({ text }, key) => key.length + 2 * (text?.length ?? 0),
      ttlAutopurge: true,
      fetchMethod: async (_key, _expired, { context: fetch }) => ({ text: await fetch() }),
      // Those who wait get their text, even if another one has taken its place in the cache.
      ignoreFetchAbort: true,
    })
  }

  async get(key: string, seconds: number, fetch: Fetch): Promise<string | null> {
    const { text } = await this.answers.forceFetch(key, { ttl: seconds * 1000, context: fetch })
    return text
  }
}
