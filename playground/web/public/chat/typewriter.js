const FRAME_MS = 40
/** A text that is far behind catches up within about this many frames. */
const CATCH_UP_FRAMES = 12

/**
 * What is shown of texts that are being written: each grows towards its text, a few signs a frame, as Lark shows a card that
 * streams. A text that was not followed from its beginning, or has changed otherwise than by growing, is shown whole.
 */
export class Typewriter {
  #shown = new Map()
  #timer
  #draw

  constructor(draw) {
    this.#draw = draw
  }

  shown(key, text, isStreaming) {
    const before = this.#shown.get(key)
    if (!isStreaming) {
      this.#shown.delete(key)
      return text
    }
    const start = before === undefined ? 0 : text.startsWith(before) ? before.length : text.length
    if (before === undefined || start === text.length) this.#shown.set(key, text.slice(0, start))
    const now = this.#shown.get(key)
    if (now.length < text.length) this.#grow(key, text)
    return now
  }

  #targets = new Map()

  #grow(key, text) {
    this.#targets.set(key, text)
    this.#timer ??= window.setInterval(() => this.#step(), FRAME_MS)
  }

  #step() {
    for (const [key, text] of this.#targets) {
      const now = this.#shown.get(key)
      if (now === undefined || now.length >= text.length) {
        this.#targets.delete(key)
        continue
      }
      const step = Math.max(1, Math.ceil((text.length - now.length) / CATCH_UP_FRAMES))
      this.#shown.set(key, whole(text, now.length + step))
    }
    if (this.#targets.size === 0) {
      window.clearInterval(this.#timer)
      this.#timer = undefined
    }
    this.#draw()
  }
}

/** Never ends within a surrogate pair. */
const whole = (text, length) => {
  const last = text.charCodeAt(length - 1)
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? length + 1 : length)
}
