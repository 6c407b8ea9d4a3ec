/** What a server does that stores an event before its answer, and nothing else. */
export const TABLE =
  'CREATE TABLE IF NOT EXISTS bench_event (id text PRIMARY KEY, payload jsonb, received_at timestamptz DEFAULT now())'
export const INSERT = 'INSERT INTO bench_event (id, payload) VALUES ($1, $2) ON CONFLICT DO NOTHING'
