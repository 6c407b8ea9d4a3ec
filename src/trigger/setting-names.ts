import { I18nText, label, say, TextKey } from '../i18n'
import { LIMITS, SELECTIONS } from './trigger-config'
import { triggerForm } from './trigger-form'

/** The colon of Chinese text. */
const COLON = '\uff1a'

const TITLES: Partial<Record<string, { title: I18nText }>> = triggerForm.properties

/** Titles say more in brackets than a sentence needs. */
const short = (title: string): string => title.split(/ \(|（/)[0] ?? title

/** Of a number what is in brackets begins with its unit. */
const withUnit = (title: string): string => {
  const [name = title, inside] = title.split('（')
  return inside === undefined ? name : `${name}（${inside.split(/[，）]/)[0]}）`
}

const isNumber = (field: string): field is keyof typeof LIMITS => Object.hasOwn(LIMITS, field)

/** A setting by the words of its form. Two lists have the same title: what they belong to is said, too. */
const nameOf = (field: string): I18nText => {
  const title = TITLES[field]?.title ?? label('larkTrigger')
  const own = { en_US: short(title.en_US), zh_Hans: isNumber(field) ? withUnit(title.zh_Hans) : short(title.zh_Hans) }
  const [scope] = SELECTIONS.find(([, , list]) => list === field) ?? []
  if (!scope) return own
  const of = nameOf(scope)
  if (of.en_US === own.en_US) return own
  return { en_US: `${of.en_US}: ${own.en_US}`, zh_Hans: `${of.zh_Hans}${COLON}${own.zh_Hans}` }
}

/** A sentence about a setting, which is its parameter `field`. */
export const aboutSetting = (key: TextKey, field: string, parameters: Record<string, string> = {}): I18nText => {
  const name = nameOf(field)
  return {
    en_US: say(key, 'en-US', { ...parameters, field: name.en_US }),
    zh_Hans: say(key, 'zh-Hans', { ...parameters, field: name.zh_Hans })
  }
}

/** What is wrong with a setting that can not be used; of a number, which values can. */
export const aboutInvalid = (field: string): I18nText => {
  if (!isNumber(field)) return aboutSetting('triggerSettingInvalid', field)
  const [smallest, largest] = LIMITS[field]
  return aboutSetting('triggerSettingOutOfRange', field, { smallest: String(smallest), largest: String(largest) })
}
