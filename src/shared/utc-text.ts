/** `2026-03-01 10:00 UTC`: the same for people of any language and time zone. */
export const minuteText = (date: Date): string => utcText(date, 'YYYY-MM-DD hh:mm'.length)

/** `2026-03-01 10:00:05 UTC` */
export const secondText = (date: Date): string => utcText(date, 'YYYY-MM-DD hh:mm:ss'.length)

const utcText = (date: Date, length: number): string => `${date.toISOString().slice(0, length).replace('T', ' ')} UTC`
