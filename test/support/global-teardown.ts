import { rmSync } from 'node:fs'
import './global-setup'
import { findLeaks, Leak } from './secret-leaks'

const list = (leaks: readonly Leak[]): string => leaks.map(({ file, line }) => `  ${file}: ${line}`).join('\n')

/** Fails the run when a secret of it stands anywhere in its output, or when the planted one was not found. */
export default async function globalTeardown(): Promise<void> {
  await globalThis.pluginLarkPostgres?.stop()
  const folder = process.env.PLAYGROUND_RECORD
  if (!folder) throw new Error('the output of this run was not recorded')
  const { planted, leaks } = findLeaks(folder)
  if (planted.length === 0) throw new Error(`the search for secrets did not find the planted one in ${folder}`)
  if (leaks.length > 0)
    throw new Error(`secrets stand in the output of this run, ${folder}:\n${list(leaks.slice(0, 20))}`)
  rmSync(folder, { recursive: true })
}
