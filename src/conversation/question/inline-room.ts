import { Injectable } from '@nestjs/common'
import { Semaphore, SemaphoreInterface, withTimeout } from 'async-mutex'

const MIB = 1024 * 1024

/** Of one question: the host's queue carries it in one message, as text, which is a third longer. The host takes 25 MiB (host-contract §4.7). */
export const INLINE_BYTES = 16 * MIB

/** Of all questions of this process that are not asked yet: their data stays in memory until then. */
const ROOM_BYTES = 96 * MIB

/** What the semaphore counts: at each release it walks through all that is free, so bytes would stop the process for a while. */
const UNIT_BYTES = 64 * 1024

const unitsOf = (bytes: number): number => Math.ceil(bytes / UNIT_BYTES)

/** Questions are asked within a moment; who waits longer may be waited for by those who have the room. */
const WAIT_MS = 20_000

/** What one question may take along. */
export class InlineShare {
  private left = INLINE_BYTES
  private taken = 0
  private isFreed = false

  constructor(private readonly room: SemaphoreInterface) {}

  /** False where the question has no more room, or this process has none in time. */
  async take(bytes: number): Promise<boolean> {
    if (bytes > this.left || this.isFreed) return false
    this.left -= bytes
    const units = unitsOf(bytes)
    try {
      await this.room.acquire(units)
    } catch {
      this.left += bytes
      return false
    }
    if (this.isFreed) this.room.release(units)
    else this.taken += units
    return !this.isFreed
  }

  /** The question was asked, or will not be. */
  free(): void {
    if (this.taken > 0) this.room.release(this.taken)
    this.taken = 0
    this.isFreed = true
  }
}

/** Room in memory for files that travel along with their questions; first come, first served. */
@Injectable()
export class InlineRoom {
  private readonly room: SemaphoreInterface = withTimeout(new Semaphore(unitsOf(ROOM_BYTES)), WAIT_MS)

  /** To be freed when the question is asked. */
  share(): InlineShare {
    return new InlineShare(this.room)
  }
}
