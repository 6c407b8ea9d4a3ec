import { INLINE_BYTES, InlineRoom } from '../../../../src/conversation/question/inline-room'

const MIB = 1024 * 1024
/** As many questions as the room has place for. */
const QUESTIONS = 6

describe('the room for files that travel along', () => {
  it('gives one question so much and no more, whatever its files are', async () => {
    const share = new InlineRoom().share()

    expect(await share.take(10 * MIB)).toBe(true)
    expect(await share.take(7 * MIB)).toBe(false)
    expect(await share.take(6 * MIB)).toBe(true)
    expect(await share.take(1)).toBe(false)
  })

  it('lets others wait until a question is asked, in their order', async () => {
    const room = new InlineRoom()
    const first = Array.from({ length: QUESTIONS }, () => room.share())
    expect(await Promise.all(first.map((share) => share.take(INLINE_BYTES)))).toEqual(first.map(() => true))
    const order: string[] = []
    const later = ['a', 'b'].map((name) => {
      const share = room.share()
      return { share, done: share.take(INLINE_BYTES).then((isTaken) => order.push(`${name} ${isTaken}`)) }
    })

    first[0]!.free()
    await later[0]!.done
    expect(order).toEqual(['a true'])
    first[1]!.free()
    await later[1]!.done
    expect(order).toEqual(['a true', 'b true'])
  })

  it('takes back what a question gets only after it was given up', async () => {
    const room = new InlineRoom()
    const first = Array.from({ length: QUESTIONS }, () => room.share())
    await Promise.all(first.map((share) => share.take(INLINE_BYTES)))
    const late = room.share()
    const taken = late.take(INLINE_BYTES)
    late.free()

    first[0]!.free()
    expect(await taken).toBe(false)
    expect(await room.share().take(INLINE_BYTES)).toBe(true)
  })

  it('keeps nobody waiting for ever', async () => {
    jest.useFakeTimers()
    try {
      const room = new InlineRoom()
      const first = Array.from({ length: QUESTIONS }, () => room.share())
      await Promise.all(first.map((share) => share.take(INLINE_BYTES)))
      const share = room.share()
      const taken = share.take(1)
      await jest.advanceTimersByTimeAsync(20_000)

      expect(await taken).toBe(false)
    } finally {
      jest.useRealTimers()
    }
  })
})
