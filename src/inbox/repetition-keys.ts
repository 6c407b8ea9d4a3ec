/** The key of a message's first row; that of its nth repetition is `<first>#<n>`. */
export const baseKeyOf = (row: string): string => `split_part(${row}.dedup_key, '#', 1)`

/**
 * Locks rows and the first rows of their messages, as everybody does who reads how the rows of a message stand in order to change
 * that: a first row before its repetitions. Each subselect has an index, which one condition with OR would not have.
 */
export const lockFamilies = (rows: 'id' | 'turn_id'): string =>
  `SELECT 1 FROM plugin_lark_inbound_event WHERE id IN (
     SELECT own.id FROM plugin_lark_inbound_event own WHERE own.${rows} = $1
     UNION SELECT base.id FROM plugin_lark_inbound_event own JOIN plugin_lark_inbound_event base
       ON base.inbox_key = own.inbox_key AND base.dedup_key = ${baseKeyOf('own')} WHERE own.${rows} = $1)
   ORDER BY dedup_key COLLATE "C", inbox_key COLLATE "C" FOR UPDATE`

/** A row in one of these states answers its message, or has done so. */
export const TAKEN = `'received', 'claimed', 'attached', 'answered'`
