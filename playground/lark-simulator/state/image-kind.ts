const SIGNATURES: [string, number, string][] = [
  ['89504e470d0a1a0a', 0, 'png'],
  ['ffd8ff', 0, 'jpeg'],
  ['47494638', 0, 'gif'],
  ['57454250', 8, 'webp'],
  ['424d', 0, 'bmp'],
  ['00000100', 0, 'ico'],
  ['49492a00', 0, 'tiff'],
  ['4d4d002a', 0, 'tiff']
]

/** The image format by its first bytes; undefined = none of those that the platform takes. */
export function sniffImage(bytes: Buffer): string | undefined {
  return SIGNATURES.find(
    ([hex, offset]) => bytes.subarray(offset, offset + hex.length / 2).toString('hex') === hex
  )?.[2]
}
