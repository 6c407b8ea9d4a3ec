import type { ExpertScript } from '../xpert-host/client'

const OPENAI_URL = 'https://api.openai.com/v1'
const OPENAI_MODEL = 'gpt-4o-mini'

/**
 * A model of any OpenAI-compatible server, where `OPENAI_API_KEY` or `OPENAI_BASE_URL` names one; undefined otherwise.
 * `OPENAI_MODEL` chooses the model.
 */
export function modelScript(env: NodeJS.ProcessEnv): ExpertScript | undefined {
  const { OPENAI_API_KEY: apiKey, OPENAI_BASE_URL: baseUrl, OPENAI_MODEL: model } = env
  if (!apiKey && !baseUrl) return undefined
  // Local servers take any key, but the client insists on one.
  return { kind: 'llm', baseUrl: baseUrl || OPENAI_URL, apiKey: apiKey || 'none', model: model || OPENAI_MODEL }
}
