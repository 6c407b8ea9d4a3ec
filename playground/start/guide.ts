import type { Company } from './company'
import type { Servers } from './servers'

/** What is printed when everything is ready: where to look, and what to try. */
export function guide(pageUrl: string, servers: Servers, { bots, people, group }: Company): string {
  const ada = bots.long_connection.app.name
  const bruno = bots.webhook.app.name
  const [me, other] = people.map(({ name }) => name)
  return `
The playground is ready.

  Chat       ${pageUrl}
  Admin      ${pageUrl}/admin.html
  Simulator  ${servers.simulator.url}   a Lark with the bots ${ada} (long connection) and ${bruno} (webhook)
  Host       ${servers.host.url}   a small Xpert with the built plugin
  Database   ${servers.databaseUrl}

Four things to try:

  1. Open the chat page as ${me}, choose the chat with ${ada} and write something: the answer grows in a card.
  2. In the group "${group.name}" write "good morning": nobody answers. Write "@${bruno} good morning": ${bruno} does.
  3. Choose ${other} at the left and write to ${bruno}; the admin page's Messages tab has a row with the outcome of each message.
  4. On the admin page make an app of your own in the Lark console, an integration of it, and an expert with a trigger.

Ctrl-C ends it. "npm start -- --fresh" begins again with an empty state folder.
`
}
