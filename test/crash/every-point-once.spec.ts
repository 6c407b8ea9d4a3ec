import { describeKilledHosts } from '../support/killed-hosts'

/**
 * Every point once, over one transport or the other: `npm run test:crash -- every-point-once`, about two minutes. Over the long
 * connection a successor waits for the lease of the dead: those begin first.
 */
describeKilledHosts({
  cells: [
    ['mid-answer, after the card', 'long_connection'],
    ['after ack', 'long_connection'],
    ['after insert before ack', 'long_connection'],
    ['before enqueue', 'webhook'],
    ['after enqueue before bookkeeping', 'webhook'],
    ['in routing', 'webhook'],
    ['before insert', 'webhook'],
    ['mid-answer, after a run event', 'webhook'],
    ['mid-answer, after a patch', 'webhook'],
    ['before the outcome', 'webhook']
  ],
  chats: 3,
  cellsAtATime: 5
})
