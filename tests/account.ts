import { randomUUID } from 'node:crypto';

export interface Answer {
  status: number;
  body: unknown;
}

/** Someone who signed up at a running product and has a workspace there. */
export interface Account {
  email: string;
  password: string;
  workspaceId: string;
  userId: string;
  call<T = unknown>(method: string, path: string, body?: unknown): Promise<T>;
  /** The same without an opinion about the answer. */
  ask(method: string, path: string, body?: unknown): Promise<Answer>;
}

/** Signs up at `url`, over HTTP as a browser would, and makes a workspace. */
export async function openAccount(url: string, timezone = 'UTC'): Promise<Account> {
  const email = `${randomUUID()}@people.example`;
  const password = `Pass-${randomUUID()}`;
  let cookie = '';

  async function ask(method: string, path: string, body?: unknown): Promise<Answer> {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: {
        origin: url,
        ...(cookie && { cookie }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const set = response.headers.getSetCookie();
    if (set.length > 0) cookie = set.map((one) => one.split(';')[0]).join('; ');
    const text = await response.text();
    return { status: response.status, body: text ? (JSON.parse(text) as unknown) : undefined };
  }

  async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const answer = await ask(method, path, body);
    if (answer.status >= 300)
      throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body as T;
  }

  await call('POST', '/api/auth/sign-up/email', { name: 'Ada Lovelace', email, password });
  await call('POST', '/api/workspaces', { name: 'Northgate', timezone, currency: 'USD' });
  const me = await call<{ user: { id: string }; workspace: { id: string } }>('GET', '/api/auth/me');
  return { email, password, workspaceId: me.workspace.id, userId: me.user.id, call, ask };
}
