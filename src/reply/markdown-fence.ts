/** Behind backticks there is no further one in a line that opens or closes a block: it would be code within the line. */
const FENCE = /^\s*(?:(`{3,16})(`*[^`]*)|(~{3,16})(.*))$/

/** A block's info string is kept behind a cut up to this many bytes. */
const MAX_OPENING = 32

export interface Fence {
  /** What opens the block again behind a cut. */
  opening: string
  marker: string
}

/** The code block that is open behind this line; one ends at a bare fence of its own kind, at least as long. */
export const fenceAfter = (line: string, open: Fence | null): Fence | null => {
  const [, ticks, info, tildes, more] = FENCE.exec(line) ?? []
  const [marker, rest = ''] = [ticks ?? tildes, info ?? more]
  if (marker === undefined) return open
  if (open === null) return { opening: Buffer.byteLength(line) <= MAX_OPENING ? line : marker, marker }
  return marker.startsWith(open.marker) && rest.trim() === '' ? null : open
}
