import { createTestDatabase, type TestDatabase } from '../../support/database'

describe('createTestDatabase', () => {
  const made: TestDatabase[] = []
  afterEach(async () => {
    await Promise.all(made.splice(0).map((database) => database.drop()))
  })

  it('gives every caller an empty PostgreSQL 15 database of its own', async () => {
    made.push(await createTestDatabase(), await createTestDatabase())
    const [first, second] = made
    await first?.query('CREATE TABLE note (text text)')
    await first?.query('INSERT INTO note VALUES ($1)', ['here'])
    expect(await first?.query('SELECT text FROM note')).toEqual([{ text: 'here' }])
    expect(await second?.query(`SELECT count(*)::int AS tables FROM pg_tables WHERE schemaname = 'public'`)).toEqual([
      { tables: 0 }
    ])
    expect(await first?.query('SHOW server_encoding')).toEqual([{ server_encoding: 'UTF8' }])
  })
})
