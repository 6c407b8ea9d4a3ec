/** `npm start`: the whole playground in one process tree. What it does is in start/main.ts. */
import { readArguments } from './start/arguments'
import { buildPlugin } from './start/built-plugin'

const command = readArguments(process.argv.slice(2))
// The compiler takes the longest: it begins before anything else is loaded.
const built = command.run === 'usage' ? Promise.resolve() : buildPlugin()
built.catch(() => undefined)
void import('./start/main').then(({ main }) => main(command, built))
