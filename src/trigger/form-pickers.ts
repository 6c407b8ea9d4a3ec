import { I18nText } from '../i18n'

/**
 * A select over one of our own lists. `type: 'array'` shows a stray "+" in the host's renderer; a string with `multiple`
 * saves an array (host-observed 45). The host appends what the form depends on to the URL.
 */
const picker = (list: 'user' | 'chat') => (title: I18nText, visibleWhen?: Record<string, unknown>) => ({
  type: 'string',
  title,
  'x-ui': {
    component: 'remoteSelect',
    multiple: true,
    selectUrl: `/api/lark/${list}-select-options`,
    depends: [{ name: 'integrationId', alias: 'integration' }],
    ...(visibleWhen ? { visibleWhen } : {})
  }
})

export const peoplePicker = picker('user')
export const groupPicker = picker('chat')
