import { redirect } from '@sveltejs/kit';
import type { PageLoad } from './$types';

/** The address that other systems know. */
export const load: PageLoad = ({ url }) => redirect(308, `/dashboard${url.search}`);
