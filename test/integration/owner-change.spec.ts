import { OwnerChange } from '../support/owner-change'

const SHORT = { perSecond: 4, messages: 6, isLeaseCut: true }

describe('while people write, the owner of the long connection', () => {
  it('is killed: nothing is lost and nothing is answered twice', async () => {
    const report = await OwnerChange.run('killed', SHORT)
    expect(report).toMatchObject({ lost: [], doubled: [], connectionsAtTheEnd: 1 })
  }, 300_000)

  it('is paused past its lease and then goes on: it closes its socket, and nothing is answered twice', async () => {
    const report = await OwnerChange.run('paused', SHORT)
    expect(report).toMatchObject({ lost: [], doubled: [], connectionsAtTheEnd: 1 })
  }, 300_000)

  it('is replaced as in a deployment: nothing is lost and nothing is answered twice', async () => {
    const report = await OwnerChange.run('rolled', { ...SHORT, replaced: 1 })
    expect(report).toMatchObject({ lost: [], doubled: [], connectionsAtTheEnd: 1 })
    // Handed over or at least given back, which the next round sees; a lease that runs out takes 30 s. A busy machine may not
    // connect within the few seconds that a stopping host has.
    expect(report.gapMs).toBeLessThan(15_000)
    process.stdout.write(`replaced: ${report.gapMs} ms without a connection, ${report.interrupted} interrupted\n`)
  }, 300_000)
})
