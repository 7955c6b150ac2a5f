/** Two spellings of one company's name have one key. Nothing when no letter is left. */
export function companyKey(name: string): string | undefined {
  const words =
    plain(name)
      .replaceAll('&', ' and ')
      .match(/[\p{L}\p{N}]+/gu) ?? [];
  const merged = joinInitials(words);
  while (merged.length > 1 && legalForms.has(merged.at(-1)!)) merged.pop();
  if (merged.length > 1 && merged[0] === 'the') merged.shift();
  return merged.join(' ') || undefined;
}

/** Two spellings of one person's name have one key; empty when there is none. */
export function personKey(firstName?: string | null, lastName?: string | null): string {
  const words = plain(`${firstName ?? ''} ${lastName ?? ''}`).match(/[\p{L}\p{N}]+/gu) ?? [];
  return words.join(' ');
}

/** Whether two names may be one person's: one is missing, or says less than the other and nothing else. */
export function namesAgree(one: string, other: string): boolean {
  if (!one || !other) return true;
  const [few, many] = [one.split(' '), other.split(' ')].toSorted((a, b) => a.length - b.length);
  return few!.every((word) => many!.includes(word));
}

/** What a contact is known by: one row per identity, whoever comes first. */
export function identityOf(who: {
  email?: string | null;
  phone?: string | null;
  companyId?: string | null;
  name: string;
}): string {
  if (who.email) return `e:${who.email}`;
  if (who.phone) return `p:${who.phone}|${who.name}`;
  return `c:${who.companyId}|${who.name}`;
}

/** What a person is called where there is little room: full name, else company, else address. */
export function labelOf(who: {
  firstName?: string | null;
  lastName?: string | null;
  company?: string | null;
  email?: string | null;
}): string {
  const name = [who.firstName, who.lastName].filter(Boolean).join(' ').trim();
  return name || who.company?.trim() || who.email?.trim() || '';
}

const legalForms = new Set(
  `inc incorporated llc llp lp pllc pc ltd limited co corp corporation company plc gmbh ag kg ug sa sas sarl
  srl spa bv nv oy ab as aps pty pvt lda sl dba`.split(/\s+/),
);

function plain(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/['’`´]/g, '');
}

/** `L.L.C.` and `A B C` read as one word each. */
function joinInitials(words: string[]): string[] {
  const joined: string[] = [];
  let open = false;
  for (const word of words) {
    const isInitial = word.length === 1 && /\p{L}/u.test(word);
    if (isInitial && open) joined.push(`${joined.pop()}${word}`);
    else joined.push(word);
    open = isInitial;
  }
  return joined;
}
