import { ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { changeClock } from '../../../playground/clock/clock-control'
import { VirtualClock } from '../../../playground/clock/virtual-clock'

describe('VirtualClock', () => {
  const real = { value: 1000, now: () => real.value, monotonic: () => real.value }
  beforeEach(() => {
    real.value = 1000
  })

  it('equals the real clock until it is changed', () => {
    const clock = new VirtualClock(real)
    real.value += 250
    expect(clock.now()).toBe(1250)
    expect(clock.monotonic()).toBe(250)
  })

  it('runs at its rate from the moment the rate was set', () => {
    const clock = new VirtualClock(real)
    real.value += 100
    clock.change({ rate: 10 })
    real.value += 100
    expect(clock.now()).toBe(2100)
    clock.change({ rate: 0 })
    real.value += 500
    expect(clock.now()).toBe(2100)
  })

  it('jumps forward with its timers and backward without them', () => {
    const clock = new VirtualClock(real)
    clock.change({ advanceMs: 5000 })
    expect(clock.monotonic()).toBe(5000)
    clock.change({ now: 10 })
    expect(clock.now()).toBe(10)
    expect(clock.monotonic()).toBe(5000)
  })

  it('refuses a negative rate and values that are no numbers', () => {
    const clock = new VirtualClock(real)
    expect(() => clock.change({ rate: -1 })).toThrow(/rate/)
    expect(() => clock.change({ advanceMs: NaN })).toThrow(/advanceMs/)
  })

  it('says clearly that a process without the preload has no virtual clock', () => {
    expect(() => changeClock({ advanceMs: 1 })).toThrow(/preload/)
  })
})

describe('a process with the preload', () => {
  let probe: Probe
  beforeEach(async () => {
    probe = await Probe.start({ PLAYGROUND_CLOCK_NOW: '1000000000000', PLAYGROUND_CLOCK_RATE: '' })
  })
  afterEach(() => probe.stop())

  it('starts at the given time and keeps Date a Date', async () => {
    const seen = await probe.ask({ command: 'read' })
    const { now } = seen.clock as { now: number }
    expect(now).toBeGreaterThanOrEqual(1_000_000_000_000)
    expect(now).toBeLessThan(1_000_000_030_000)
    expect(seen).toMatchObject({ sameClass: true, fixed: 5, asText: true })
    expect(Math.abs(Number(seen.realMs) - Date.now())).toBeLessThan(60_000)
  })

  it('fires timers that a jump made due, in the order of their due times and in their own async context', async () => {
    for (const [name, ms] of [
      ['late', 7_200_000],
      ['early', 15_000],
      ['middle', 300_000]
    ] as const)
      probe.send({ command: 'timeout', name, ms })
    await probe.ask({ command: 'change', change: { advanceMs: 7_200_000 } })
    const fired = [await probe.next(), await probe.next(), await probe.next()]
    expect(fired.map(({ fired: name }) => name)).toEqual(['early', 'middle', 'late'])
    expect(fired.map(({ context }) => context)).toEqual(['early', 'middle', 'late'])
    expect(Number(fired[0].now)).toBeGreaterThanOrEqual(1_000_007_200_000)
  })

  it('repeats intervals and promises on the fast clock and forgets what was cleared', async () => {
    await probe.ask({ command: 'change', change: { rate: 1000 } })
    probe.send({ command: 'cleared', name: 'cleared', ms: 1000 })
    probe.send({ command: 'interval', name: 'tick', ms: 20_000 })
    expect([await probe.next(), await probe.next()].map(({ fired }) => fired)).toEqual(['tick', 'tick'])
    probe.send({ command: 'promised', name: 'done', ms: 20_000 })
    expect((await probe.next()).fired).toBe('done')
  })

  it('offers what Node timers offer', async () => {
    expect(await probe.ask({ command: 'facts' })).toEqual({
      facts: { ref: true, unref: false, refreshed: true, primitive: 'number' }
    })
  })
})

type Report = Record<string, unknown>

/** Messages of the child, in order, without polling. */
class Probe {
  private readonly reports: Report[] = []
  private wake: () => void = () => undefined

  private constructor(private readonly child: ChildProcess) {
    child.on('message', (message) => {
      this.reports.push(message as Report)
      this.wake()
    })
  }

  static async start(env: Record<string, string>): Promise<Probe> {
    const root = join(__dirname, '../../..')
    const args = ['-r', '@swc-node/register', '-r', './playground/clock/preload.ts', join(__dirname, 'probe.ts')]
    const child = spawn(process.execPath, args, {
      cwd: root,
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      env: { ...process.env, ...env }
    })
    const probe = new Probe(child)
    await probe.next()
    return probe
  }

  send(message: object): void {
    this.child.send(message)
  }

  ask(message: object): Promise<Report> {
    this.send(message)
    return this.next()
  }

  async next(): Promise<Report> {
    while (this.reports.length === 0) await new Promise<void>((resolve) => (this.wake = resolve))
    return this.reports.shift() as Report
  }

  async stop(): Promise<void> {
    this.child.kill('SIGKILL')
    await once(this.child, 'exit')
  }
}
