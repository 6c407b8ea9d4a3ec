import { t } from '../shared/language.js'
import { attempt, toast } from '../shared/page.js'
import { simulator } from './simulator.js'

const MOST_BYTES = 30 * 1024 * 1024
const IMAGE = /^image\/(png|jpeg|gif|webp|bmp)$/

/** What a person does with messages. */
export class Acts {
  #state
  #page

  constructor(state, page) {
    this.#state = state
    this.#page = page
  }

  type = (key, text, isStreaming) => this.#page.typewriter.shown(key, text, isStreaming)

  press = (message, button) =>
    attempt(async () => {
      const result = await simulator.press({
        userId: this.#state.me,
        messageId: message.messageId,
        button: button.element_id ?? button.name ?? button.text?.content
      })
      if (result.toast) toast(result.toast.content, result.toast.type === 'error')
      else if (result.errorCode) toast(t('clientError', { code: result.errorCode }), true)
    })

  reply = (message) => {
    this.#state.replyTo = message
    this.#page.draw()
    if (message) this.#page.focus()
  }

  pick = ({ messageId }) => {
    this.#state.picking = this.#state.picking === messageId ? undefined : messageId
    this.#page.draw()
  }

  react = (message, emoji, remove = false) => {
    this.#state.picking = undefined
    return attempt(() => simulator.react({ userId: this.#state.me, messageId: message.messageId, emoji, remove }))
  }

  recall = (message) => attempt(() => simulator.recall({ userId: this.#state.me, messageId: message.messageId }))

  async attach(file, { chatId }) {
    if (file.size > MOST_BYTES) return toast(t('fileTooLarge', { name: file.name }), true)
    const { key } = await simulator.upload(file.name, await base64Of(file))
    const isImage = IMAGE.test(file.type)
    await simulator.say({
      userId: this.#state.me,
      chatId,
      msgType: isImage ? 'image' : 'file',
      content: isImage ? { image_key: key } : { file_key: key, file_name: file.name },
      ...(this.#state.replyTo ? { replyTo: this.#state.replyTo.messageId } : {})
    })
    this.reply(undefined)
  }
}

const base64Of = (file) =>
  new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.onerror = () => reject(reader.error)
    reader.onload = () => resolve(reader.result.slice(reader.result.indexOf(',') + 1))
    reader.readAsDataURL(file)
  })
