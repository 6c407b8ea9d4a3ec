import { Injectable } from '@nestjs/common'
import { bulkhead, IPolicy, wrap } from 'cockatiel'
import { LRUCache } from 'lru-cache'
import { PluginConfigReader } from '../../cluster'
import { PublicFetch } from './public-fetch'

/** Of this process: each is in memory until it is uploaded. */
const PLACES = 3

/** Of one app, whose links may lead to servers that do not answer. */
const PLACES_OF_APP = 2

const MAX_APPS = 500

/** What an answer links to, read over the net: a few at a time, and never all of them for one app. */
@Injectable()
export class AnswerLinks {
  private readonly all = bulkhead(PLACES, Number.POSITIVE_INFINITY)
  private readonly apps = new LRUCache<string, IPolicy>({ max: MAX_APPS })

  constructor(
    private readonly config: PluginConfigReader,
    private readonly web: PublicFetch
  ) {}

  /**
   * Off where an operator does not want this server to fetch what a model writes: the address alone can carry what it read
   * to whoever it names.
   */
  get areRead(): boolean {
    return this.config.read().answers.fetchImages
  }

  /**
   * The bytes of a link go to `work`, and its place is free when that has ended. Throws `PublicFetchError`.
   * @param mayBegin looked at when its turn has come
   */
  use<T>(
    app: string,
    link: string,
    maxBytes: number,
    mayBegin: () => void,
    work: (bytes: Buffer) => Promise<T>
  ): Promise<T> {
    return wrap(this.placesOf(app), this.all).execute(async () => {
      mayBegin()
      return work(await this.web.read(link, maxBytes))
    })
  }

  private placesOf(app: string): IPolicy {
    const places = this.apps.get(app) ?? bulkhead(PLACES_OF_APP, Number.POSITIVE_INFINITY)
    this.apps.set(app, places)
    return places
  }
}
