import { redirect } from '@sveltejs/kit';
import { resolve } from '$app/paths';

/** A customer is a company that bought. */
export function load({ params }: { params: { id: string } }): never {
  redirect(307, resolve('/companies/[id]', { id: params.id }));
}
