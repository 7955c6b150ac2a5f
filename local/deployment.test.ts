import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { readEnv, settings } from '#env.ts';
import { heap } from './heap.ts';

interface Service {
  image?: string;
  build?: { target: string };
  restart?: string;
  environment?: Record<string, string>;
  ports?: string[];
  healthcheck?: unknown;
  depends_on?: Record<string, { condition: string }>;
}

const { services } = parse(read('docker-compose.yml'), { merge: true }) as {
  services: Record<string, Service>;
};
const all = Object.entries(services);
const dockerfile = read('Dockerfile');

test('every image of the deployment is pinned to a version', () => {
  const images = all.flatMap(([, { image }]) => image ?? []);
  const bases = [...dockerfile.matchAll(/^FROM (\S+:\S+)/gm)].map(([, base]) => base);
  expect(bases).toHaveLength(1);
  expect(images.length).toBeGreaterThan(4);
  for (const image of [...images, ...bases]) expect(image).toMatch(/:\d+\.\d+(\.\d+)?(-[a-z-]+)?$/);
});

test('the image runs the Node that development runs', () => {
  const { dependencies } = JSON.parse(read('package.json')) as {
    dependencies: Record<string, string>;
  };
  expect(dockerfile).toContain(`FROM node:${dependencies['node']}-`);
});

test('the image gives a program the heap that development gives it', () => {
  expect(dockerfile).toContain(`ENV NODE_OPTIONS="${heap.join(' ')}"`);
});

test('the image has a target for the app and one for the worker and neither runs as root', () => {
  const stages = dockerfile.split(/^FROM /m).slice(1);
  const product = stages.find((stage) => / AS product$/m.test(stage))!;
  expect(product).toMatch(/^USER node$/m);
  for (const target of ['app', 'worker']) {
    const stage = stages.find((one) => one.startsWith(`product AS ${target}\n`))!;
    expect(stage).not.toMatch(/^USER/m);
    expect(all.some(([, { build }]) => build?.target === target)).toBe(true);
  }
});

test('every folder that the image runs exists and no folder of the product is forgotten', () => {
  const copied = [...dockerfile.matchAll(/^COPY (\w+) \1$/gm)].map(([, folder]) => folder);
  const folders = [...read('eslint.config.js').matchAll(/^ {2}(\w+): \[/gm)].map(
    ([, folder]) => folder!,
  );
  // What is for one machine stays there.
  const needed = folders.filter((folder) => folder !== 'local');
  expect(copied).toEqual(expect.arrayContaining([...needed, 'migrations']));
});

test('our services are told settings that exist and that are accepted in production', () => {
  for (const name of ['app', 'worker', 'migrate']) {
    const given = services[name]!.environment!;
    for (const setting of Object.keys(given)) expect(settings.shape).toHaveProperty(setting);
    const secret = 'ab'.repeat(32);
    const filled = Object.entries(given).map(([key, value]) => [
      key,
      String(value)
        .replace('${PUBLIC_BASE_URL:?}', 'https://crm.example')
        .replace(/\$\{\w+:\?\}/, secret),
    ]);
    expect(readEnv(Object.fromEntries(filled) as NodeJS.ProcessEnv).production).toBe(true);
  }
});

test('whoever waits for a healthy service waits for one that says how it is', () => {
  const waits = all.flatMap(([, { depends_on: on = {} }]) => Object.entries(on));
  expect(waits.length).toBeGreaterThan(5);
  for (const [name, { condition }] of waits)
    if (condition === 'service_healthy') expect(services[name]).toHaveProperty('healthcheck');
    else expect(services[name]!.restart).toBeUndefined();
  expect(services['app']).toHaveProperty('healthcheck');
});

test('the deployment opens ports to its own machine only', () => {
  for (const port of all.flatMap(([, { ports = [] }]) => ports)) expect(port).toMatch(/^127\./);
  expect(services['postgres']).not.toHaveProperty('ports');
  expect(services['temporal']).not.toHaveProperty('ports');
});

function read(file: string): string {
  return readFileSync(new URL(`../${file}`, import.meta.url), 'utf8');
}
