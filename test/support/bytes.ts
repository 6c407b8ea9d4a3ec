/** The first bytes of files that are told apart by them; nothing behind them is real. */
export const PNG = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.from('picture of a cat')])
export const PDF = Buffer.from('%PDF-1.7\n% a plan')
export const MP4 = Buffer.from('\0\0\0\x20ftypisom', 'latin1')
export const MIB = 1024 * 1024
