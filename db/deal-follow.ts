import { changed } from './changes.ts';
import { assessDeals } from './risks.ts';
import type { Scope } from './scope.ts';

/** What follows from every change of deals that matters: whoever computes from them does it again, here. */
export async function afterDeals(scope: Scope, dealIds: string[], because: string): Promise<void> {
  if (dealIds.length === 0) return;
  changed(scope, 'deals', 'forecast', 'insights', 'companies', 'contacts');
  await assessDeals(scope, dealIds, new Date().toISOString(), because);
}
