import { isObject } from '../shared'

/** SQLSTATE class 22, "data exception": the same values are refused at every attempt. */
const DATA_EXCEPTION = /^22[0-9A-Z]{3}$/

/** Whether PostgreSQL refused what an event holds, and not the moment. */
export const isRefusedData = (error: unknown): boolean => {
  const state: unknown = isObject(error) && isObject(error['driverError']) ? error['driverError']['code'] : undefined
  return typeof state === 'string' && DATA_EXCEPTION.test(state)
}
