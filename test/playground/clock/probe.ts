/** Started as a child process with the clock's preload; obeys one JSON command per message and reports what fired. */
import { AsyncLocalStorage } from 'node:async_hooks'
import { promisify } from 'node:util'
import { changeClock, readClock } from '../../../playground/clock/clock-control'

const context = new AsyncLocalStorage<string>()
const report = (what: object): void => void process.send?.(what)

const commands: Record<string, (input: { name: string; ms: number; change: object }) => void> = {
  timeout: ({ name, ms }) =>
    void context.run(name, () =>
      setTimeout(() => report({ fired: name, now: Date.now(), context: context.getStore() }), ms)
    ),
  interval: ({ name, ms }) => {
    let left = 2
    const timer = setInterval(() => {
      report({ fired: name, now: Date.now() })
      left -= 1
      if (left === 0) clearInterval(timer)
    }, ms)
  },
  cleared: ({ name, ms }) => clearTimeout(Number(setTimeout(() => report({ fired: name }), ms))),
  promised: ({ name, ms }) =>
    void promisify(setTimeout)(ms, name).then((value) => report({ fired: value, now: Date.now() })),
  change: ({ change }) => context.run('changer', () => report({ clock: changeClock(change) })),
  read: () => {
    const date = new Date()
    report({
      clock: readClock(),
      sameClass: date instanceof Date && date.constructor === Date,
      fixed: new Date(5).getTime(),
      asText: Math.abs(new Date(Date()).getTime() - Date.now()) < 2000,
      realMs: performance.timeOrigin + performance.now()
    })
  },
  facts: () => {
    const timer = setTimeout(() => undefined, 1_000_000)
    const facts = {
      ref: timer.hasRef(),
      unref: timer.unref().hasRef(),
      refreshed: timer.refresh() === timer,
      primitive: typeof Number(timer)
    }
    clearTimeout(timer)
    report({ facts })
  }
}

process.on('message', (message: { command: string; name: string; ms: number; change: object }) =>
  commands[message.command](message)
)
report({ ready: true })
