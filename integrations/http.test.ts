import { once } from 'node:events';
import { createServer } from 'node:http';
import { createServer as createTcpServer, type AddressInfo } from 'node:net';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { UNREACHABLE } from './address.ts';
import { createOutbound } from './http.ts';
import { simulate } from './simulated.ts';

const canary = await simulate(() => ({ status: 200, body: 'inside' }));
const open = createOutbound({ allow: ['127.0.0.0/8'] });
const strict = createOutbound();

beforeEach(() => void canary.calls.splice(0));

afterAll(async () => {
  await Promise.all([canary.stop(), open.close(), strict.close()]);
});

const inside = [
  `http://127.0.0.1:${canary.port}/`,
  `http://localhost:${canary.port}/`,
  `http://localhost.:${canary.port}/`,
  `http://LOCALHOST:${canary.port}/`,
  `http://api.localhost:${canary.port}/`,
  `http://2130706433:${canary.port}/`,
  `http://0x7f000001:${canary.port}/`,
  `http://0x7f.1:${canary.port}/`,
  `http://0177.0.0.1:${canary.port}/`,
  `http://127.1:${canary.port}/`,
  `http://0.0.0.0:${canary.port}/`,
  `http://0:${canary.port}/`,
  `http://[::1]:${canary.port}/`,
  `http://[::]:${canary.port}/`,
  `http://[::ffff:127.0.0.1]:${canary.port}/`,
  `http://[::ffff:7f00:1]:${canary.port}/`,
  `http://[64:ff9b::7f00:1]:${canary.port}/`,
  `http://[2002:7f00:1::]:${canary.port}/`,
  `http://１２７.0.0.1:${canary.port}/`,
  'http://169.254.169.254/latest/meta-data/',
  'http://[fd00:ec2::254]/',
  'http://metadata.google.internal/',
  'http://10.0.0.1/',
  'http://172.16.0.1/',
  'http://192.168.1.1/',
  'http://100.64.0.1/',
  'http://224.0.0.1/',
  'http://255.255.255.255/',
  'http://[fe80::1]/',
  'http://[fc00::1]/',
];

test.each(inside)(
  'an inner address is refused when it is saved and when it is called: %s',
  async (url) => {
    expect(() => strict.checkUrl(url)).toThrow(UNREACHABLE);
    expect(await strict.ask(url)).toEqual({ is: 'never-sent', because: UNREACHABLE });
    expect(canary.calls).toHaveLength(0);
  },
);

test.each([
  `http://user:pass@127.0.0.1:${canary.port}/`,
  `http://example.com@127.0.0.1:${canary.port}/`,
  `http://127.0.0.1:${canary.port}#@example.com/`,
  `http://example.com\\@127.0.0.1:${canary.port}/`,
  'file:///etc/passwd',
  'gopher://127.0.0.1:70/_x',
  'ftp://example.com/',
  'javascript:alert(1)',
  'not a url',
  '',
])('an address of another kind is refused: %s', async (url) => {
  expect(() => strict.checkUrl(url)).toThrow(/address/);
  expect(await strict.ask(url)).toMatchObject({ is: 'never-sent' });
  expect(canary.calls).toHaveLength(0);
});

test.each([[['127.0.0.1']], [['93.184.215.14', '127.0.0.1']], [['::ffff:127.0.0.1']], [[]]])(
  'a public name is judged by the addresses it has when the connection is made: %s',
  async (addresses) => {
    const found = addresses.map((address) => ({ address }));
    const lied = createOutbound({ lookup: () => Promise.resolve(found) });
    const url = `http://rebound.example.com:${canary.port}/`;
    expect(() => lied.checkUrl(url)).not.toThrow();
    expect(await lied.ask(url)).toEqual({ is: 'never-sent', because: UNREACHABLE });
    expect(canary.calls).toHaveLength(0);
    await lied.close();
  },
);

test('what is refused and what is not there are told in the same words', async () => {
  const closed = createTcpServer().listen(0, '127.0.0.1');
  await once(closed, 'listening');
  const { port } = closed.address() as AddressInfo;
  closed.close();
  await once(closed, 'close');
  const gone = await open.ask(`http://127.0.0.1:${port}/`);
  expect(gone).toEqual(await strict.ask(`http://127.0.0.1:${canary.port}/`));
});

test('a private address may be reached once it is allowed, by range, address or name', async () => {
  for (const allow of ['127.0.0.0/8', '127.0.0.1']) {
    const outbound = createOutbound({ allow: [allow] });
    expect(await outbound.ask(`http://127.0.0.1:${canary.port}/`)).toMatchObject({ status: 200 });
    await outbound.close();
  }
  const named = createOutbound({ allow: ['localhost'] });
  expect(() => named.checkUrl(`http://localhost:${canary.port}/`)).not.toThrow();
  await named.close();
});

test('a redirect is an answer and is not followed', async () => {
  canary.script({ status: 302, headers: { location: `${canary.url}/elsewhere` } });
  expect(await open.ask(`${canary.url}/`)).toMatchObject({ is: 'answered', status: 302 });
  expect(canary.calls).toHaveLength(1);
});

test('an answer that is too long is cut', async () => {
  canary.script({ status: 200, body: 'x'.repeat(5_000_000) });
  const answer = await open.ask(`${canary.url}/`, { maxBytes: 1000 });
  expect(answer).toMatchObject({ is: 'answered', status: 200, cut: true });
  expect(answer.is === 'answered' && answer.body).toHaveLength(1000);
});

test('a line that breaks after the request left may have been carried out', async () => {
  canary.script({ reset: 'after' }, { hang: true });
  const post = { method: 'POST', body: '{}', timeoutMs: 300 } as const;
  expect(await open.ask(`${canary.url}/`, post)).toMatchObject({ is: 'maybe-executed' });
  expect(await open.ask(`${canary.url}/`, post)).toMatchObject({ is: 'maybe-executed' });
  expect(canary.calls.map(({ executed }) => executed)).toEqual([true, true]);
});

test('a server that never greets has been sent nothing', async () => {
  const silent = createServer().listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const { port } = silent.address() as AddressInfo;
  const answer = await open.ask(`https://127.0.0.1:${port}/`, { timeoutMs: 300 });
  expect(answer).toEqual({ is: 'never-sent', because: UNREACHABLE });
  silent.closeAllConnections();
  silent.close();
});

test('a header with a line break is never sent', async () => {
  const headers = { 'x-name': 'a\r\nx-other: b' };
  expect(await open.ask(`${canary.url}/`, { headers })).toMatchObject({ is: 'never-sent' });
  expect(canary.calls).toHaveLength(0);
});
