interface Kept {
  readonly value: Promise<string | null>
  readonly until: number
  bytes: number
}

/**
 * Caches texts up to a number of bytes, each for a limited time. Concurrent calls for one text share its fetch. An
 * expired text is removed even if nobody requests it: it can reveal what a person searched for.
 */
export class Cache {
  private readonly kept = new Map<string, Kept>()
  private readonly maxBytes: number
  private bytes = 0

  constructor(maxBytes: number) {
    this.maxBytes = maxBytes
  }

  get(key: string, seconds: number, fetch: () => Promise<string | null>): Promise<string | null> {
    const known = this.kept.get(key)
    if (known && known.until > performance.now()) {
      // Keeps the most recently used last.
      this.kept.delete(key)
      this.kept.set(key, known)
      return known.value
    }
    this.drop(key)
    const fresh: Kept = { value: fetch(), until: performance.now() + seconds * 1000, bytes: key.length }
    this.kept.set(key, fresh)
    this.bytes += fresh.bytes
    setTimeout(() => this.kept.get(key) === fresh && this.drop(key), seconds * 1000).unref()
    fresh.value.then(
      (value) => this.weigh(key, fresh, value),
      () => this.kept.get(key) === fresh && this.drop(key),
    )
    return fresh.value
  }

  private weigh(key: string, kept: Kept, value: string | null): void {
    if (this.kept.get(key) !== kept) return
    const more = 2 * (value?.length ?? 0)
    kept.bytes += more
    this.bytes += more
    for (const oldest of this.kept.keys()) {
      if (this.bytes <= this.maxBytes) break
      this.drop(oldest)
    }
  }

  private drop(key: string): void {
    const known = this.kept.get(key)
    if (!known) return
    this.kept.delete(key)
    this.bytes -= known.bytes
  }
}
