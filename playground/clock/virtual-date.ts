import { VirtualClock } from './virtual-clock'

/**
 * `Date` whose calls without arguments read the given clock. Instances stay plain Dates, so `instanceof` and
 * `value.constructor === Date` hold on both sides.
 */
export function createVirtualDate(RealDate: DateConstructor, clock: VirtualClock): DateConstructor {
  const now = (): number => clock.now()
  const virtual: DateConstructor = new Proxy(RealDate, {
    construct: (target, args: unknown[], newTarget): Date =>
      Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget === virtual ? target : newTarget) as Date,
    apply: () => new RealDate(now()).toString(),
    get: (target, key, receiver) => (key === 'now' ? now : Reflect.get(target, key, receiver))
  })
  Object.defineProperty(RealDate.prototype, 'constructor', { value: virtual, writable: true, configurable: true })
  return virtual
}
