import { describeKilledHosts } from '../support/killed-hosts'

/**
 * The short version of `npm run test:crash`, under a minute: of ten points four; over the long connection a successor waits for the
 * lease of the dead.
 */
describeKilledHosts({
  cells: [
    ['mid-answer, after the card', 'long_connection'],
    ['after insert before ack', 'webhook'],
    ['after enqueue before bookkeeping', 'webhook'],
    ['before the outcome', 'webhook']
  ],
  chats: 2,
  cellsAtATime: 4
})
