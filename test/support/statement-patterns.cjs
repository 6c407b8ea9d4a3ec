'use strict'
/** Statements on the way of one message, for those who kill a host at them or count them; costs.spec.ts sees each of them. */
module.exports = {
  INSERT: /^\s*INSERT INTO plugin_lark_inbound_event/,
  BINDING: /FROM plugin_lark_binding WHERE integration_id/,
  /** The playground's queue; its first value has the messages. */
  ENQUEUE: /\._private_jobs \(task_id/,
  NOTE_DISPATCH: /UPDATE plugin_lark_turn turn SET dispatched_at/,
  RUN_EVENT: /^\s*INSERT INTO plugin_lark_run_event/,
  TURN_END: /UPDATE plugin_lark_turn SET state = 'ended'/
}
