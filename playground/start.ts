/** `npm start`: the whole playground in one process tree. What it does is in start/main.ts. */
import { join } from 'node:path'

// Compiled TypeScript is cached inside the checkout; the default is a folder in the system's temporary folder.
process.env.SWC_NODE_CACHE_DIR ??= join(__dirname, '..', 'node_modules', '.cache', 'swc-node')

void import('./start/main').then(({ main }) => main(process.argv.slice(2)))
