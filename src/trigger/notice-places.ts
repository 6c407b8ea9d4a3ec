import { LRUCache } from 'lru-cache'
import { Pace } from '../shared'

/** Of one app in this process. Lark takes 15 notices a second of an app, and may answer none of them for ten seconds. */
const PLACES = 8

/** From one message that comes back for its notice to the next. */
const STEP_MS = 100

const MAX_APPS = 1_000

interface AppPlaces {
  taken: number
  /** Of the messages that come back: each look at one costs as much as its notice. */
  comebacks: Pace
}

/**
 * A notice is sent from its message's place in the inbox, which the messages of all apps share: so one app, whose people are
 * all told the same or for which Lark does not answer, has a few of them, and its other messages come back later.
 */
export class NoticePlaces {
  private readonly apps = new LRUCache<string, AppPlaces>({ max: MAX_APPS })

  /** @param now milliseconds of any clock that only goes forward */
  constructor(private readonly now?: () => number) {}

  /** Answers after how many seconds to come back where no place is free, else null when `send` has ended; throws what it throws. */
  async run(appKey: string, send: () => Promise<void>): Promise<number | null> {
    const places = this.placesOf(appKey)
    if (places.taken >= PLACES) return Math.ceil((places.comebacks.delayMs() + STEP_MS) / 1000)
    places.taken += 1
    try {
      await send()
      return null
    } finally {
      places.taken -= 1
    }
  }

  private placesOf(appKey: string): AppPlaces {
    const places = this.apps.get(appKey) ?? { taken: 0, comebacks: new Pace(STEP_MS, this.now) }
    this.apps.set(appKey, places)
    return places
  }
}
