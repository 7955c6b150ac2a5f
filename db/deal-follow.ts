import { changed } from './changes.ts';
import type { Scope } from './scope.ts';

/** What follows from every change of deals that matters: whoever computes from them does it again, here. */
export function afterDeals(scope: Scope, dealIds: string[], _because: string): Promise<void> {
  if (dealIds.length > 0) changed(scope, 'deals', 'forecast', 'insights', 'companies', 'contacts');
  return Promise.resolve();
}
