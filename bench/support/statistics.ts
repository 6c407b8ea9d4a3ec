export const median = (values: readonly number[]): number => quantile(values, 0.5)

/** `share` from 0 to 1; of nothing it is NaN. */
export const quantile = (values: readonly number[], share: number): number => {
  const sorted = [...values].sort((one, other) => one - other)
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN
}
