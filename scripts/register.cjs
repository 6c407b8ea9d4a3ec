// Runs TypeScript without a build. The compiled files stay in node_modules, so that nothing is left in the system's own folders.
const { join } = require('node:path')

process.env.SWC_NODE_CACHE_DIR ??= join(__dirname, '..', 'node_modules', '.cache', 'swc-node')
require('@swc-node/register')
