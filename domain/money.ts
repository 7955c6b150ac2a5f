/** How many digits a currency has after its point: USD 2, JPY 0. */
export function digitsOf(currency: string): number {
  const { maximumFractionDigits } = new Intl.NumberFormat('en', {
    ...{ style: 'currency', currency },
  }).resolvedOptions();
  return maximumFractionDigits ?? 2;
}

/** Minor units as major ones, for systems that ask for them: 4200000 cents are 42000. */
export function majorOf(cents: number, currency: string): number {
  return cents / 10 ** digitsOf(currency);
}
