import type { Delivery, DeliveryBalance } from '#domain/delivery.ts';
import { chosenIn } from '#lib/address.ts';
import { keep, type Page, queryOf } from '#lib/api.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ fetch, url, depends }) => {
  depends('api:deliveries');
  const set = chosenIn(url, ['state', 'connection']);
  const path = `/deliveries${queryOf({ ...set, limit: 100 })}`;
  const [page, balance, connections] = await Promise.all([
    keep<Page<Delivery>>(fetch, path),
    keep<DeliveryBalance>(fetch, `/deliveries/balance${queryOf({ connection: set.connection })}`),
    keep<Page<{ id: string; name: string }>>(fetch, '/connections'),
  ]);
  const known = (connections.value?.items ?? []).map(({ id, name }) => ({ id, label: name }));
  return { set, path, page, balance: balance.value, connections: known };
};
