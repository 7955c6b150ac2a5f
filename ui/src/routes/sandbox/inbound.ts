import type { Outcome } from '#lib/api.ts';

/** How a raw mail was understood. */
export interface Understood {
  kind: string;
  text: string;
  matched: boolean;
}

/** Hands in a raw mail as it would come from outside. */
export async function handIn(mail: string): Promise<Outcome<Understood>> {
  const headers = { 'content-type': 'message/rfc822' };
  const response = await fetch('/api/sandbox/inbound', { method: 'POST', headers, body: mail });
  const answer = (await response.json().catch(() => ({}))) as Understood & { title?: string };
  if (response.ok) return { done: answer };
  const title = answer.title ?? `The server answered ${response.status}.`;
  return { problem: { status: response.status, title, errors: [] } };
}

/** What a person would write, to begin with. */
export function exampleMail(from: string, to: string): string {
  return [
    `From: ${from}`,
    `To: ${to}`,
    'Subject: Re: Your mail',
    `Date: ${new Date().toUTCString()}`,
    `Message-ID: <${crypto.randomUUID()}@example.com>`,
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    '',
    'Sounds interesting. What would it cost for 40 trucks?',
    '',
  ].join('\r\n');
}
