/** `npm start`: the whole playground in one process tree. What it does is in start/main.ts. */
void import('./start/main').then(({ main }) => main(process.argv.slice(2)))
