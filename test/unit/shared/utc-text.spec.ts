import { minuteText, secondText } from '../../../src/shared'

it('says in UTC what a person reads, to the minute or to the second', () => {
  const date = new Date('2026-03-01T10:00:05.678Z')
  expect([minuteText(date), secondText(date)]).toEqual(['2026-03-01 10:00 UTC', '2026-03-01 10:00:05 UTC'])
})
