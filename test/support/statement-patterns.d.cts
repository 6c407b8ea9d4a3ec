export const INSERT: RegExp
export const BINDING: RegExp
export const ENQUEUE: RegExp
export const NOTE_DISPATCH: RegExp
export const RUN_EVENT: RegExp
export const TURN_END: RegExp
