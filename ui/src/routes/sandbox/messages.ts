/** Something that would have gone out, as the sandbox kept it. */
export interface Kept {
  id: string;
  channel: string;
  to: string;
  from: string;
  subject: string | null;
  text: string;
  html: string | null;
  headers: Record<string, string>;
  at: string;
  enrolmentId: string | null;
  times?: number;
}

const unwanted = 'script, iframe, object, embed, form, link, meta, base';

/** The same mail without anything that could run or leave the frame. */
export function harmless(html: string): string {
  const page = new DOMParser().parseFromString(html, 'text/html');
  for (const element of page.querySelectorAll(unwanted)) element.remove();
  for (const element of page.querySelectorAll('*')) {
    for (const { name, value } of [...element.attributes]) {
      if (name.startsWith('on') || /^\s*javascript:/i.test(value)) element.removeAttribute(name);
    }
  }
  const style = 'font: 14px/21px system-ui, sans-serif; margin: 16px; color: #141e20;';
  return `<!doctype html><html lang="en"><head><title>Mail</title><base target="_blank"></head><body style="${style}">${page.body.innerHTML}</body></html>`;
}

/** Texts by the number they went to, the latest number first. */
export function threadsOf(texts: Kept[]): { to: string; messages: Kept[] }[] {
  const threads = new Map<string, Kept[]>();
  for (const message of texts)
    threads.set(message.to, [message, ...(threads.get(message.to) ?? [])]);
  return [...threads].map(([to, messages]) => ({ to, messages }));
}
