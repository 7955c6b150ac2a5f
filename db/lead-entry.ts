import type { Scope } from './scope.ts';
import type { Tagged } from './tags.ts';

/** Lets leads that have just come in into the sequences that wait for them, by their arrival and by their tags. */
export async function enterOnArrival(_scope: Scope, _leadIds: string[]): Promise<void> {}

/** Lets leads that were tagged into the sequences that wait for the tag. */
export async function enterOnTags(_scope: Scope, _tagged: Tagged[]): Promise<void> {}
