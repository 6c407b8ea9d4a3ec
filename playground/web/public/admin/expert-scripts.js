import { t } from '../shared/language.js'
import { html } from '../shared/page.js'

const LONG = `Here is what I found about **{input}**:

1. It can be typed as it is written.
2. It can have lists, \`code\`, and tables.

| Day | Visitors |
|---|---|
| Monday | 120 |
| Tuesday | 98 |

\`\`\`ts
const answer = 'the same text, whatever Lark does'
\`\`\`

> Every message is answered exactly once.

That is all.`

/** What an expert can be told to do here: scripts of the playground host, or a model. */
const SCRIPTS = {
  scriptRepeat: {
    kind: 'stream',
    text: 'You said: **{input}**\n\nI repeat what I am told, a few words at a time.',
    everyMs: 40
  },
  scriptMarkdown: { kind: 'stream', text: LONG, everyMs: 30 },
  scriptConfirm: {
    kind: 'interrupt',
    tool: 'send_mail',
    args: { to: 'mei@example.com', subject: 'Hello' },
    approvedText: 'The mail is sent.',
    rejectedText: 'I did not send it.'
  },
  scriptSlow: { kind: 'stream', text: 'You said: {input}. I had to think about it.', silentMs: 8000, everyMs: 40 },
  scriptFail: { kind: 'fail', message: 'The model is not available', afterText: 'Let me see' }
}

const LLM = 'scriptLlm'
const LLM_FIELDS = [
  ['baseUrl', 'text'],
  ['apiKey', 'password'],
  ['model', 'text'],
  ['systemPrompt', 'text']
]

export const FIRST_SCRIPT = SCRIPTS.scriptRepeat

/** Which of the choices it is; a script that came from elsewhere is none of them. */
const choiceOf = (script) =>
  script.kind === 'llm' ? LLM : Object.keys(SCRIPTS).find((name) => isSame(SCRIPTS[name], script))

const isSame = (one, other) => {
  const keys = new Set([...Object.keys(one), ...Object.keys(other)])
  return [...keys].every((key) => JSON.stringify(one[key]) === JSON.stringify(other[key]))
}

export function scriptFields(script, set) {
  const current = choiceOf(script)
  const choose = (name) =>
    set(name === LLM ? { kind: 'llm', baseUrl: '', apiKey: '', model: '' } : (SCRIPTS[name] ?? script))
  return html`<div class="field" data-field="script">
      <label for="script">${t('answersWith')}</label>
      <select id="script" @change=${(event) => choose(event.target.value)}>
        ${current ? '' : html`<option value="" selected>${t('script')}: ${script.kind}</option>`}
        ${[...Object.keys(SCRIPTS), LLM].map(
          (name) => html`<option value=${name} ?selected=${name === current}>${t(name)}</option>`
        )}
      </select>
    </div>
    ${current === LLM ? LLM_FIELDS.map(([name, type]) => llmField(name, type, script, set)) : ''}`
}

const llmField = (name, type, script, set) =>
  html`<div class="field" data-field=${name}>
    <label for="llm-${name}">${t(name)}</label>
    <input
      id="llm-${name}"
      type=${type}
      autocomplete="off"
      .value=${script[name] ?? ''}
      @change=${(event) => set({ ...script, [name]: event.target.value })}
    />
  </div>`
