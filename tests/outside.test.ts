import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

function textsOf(pattern: string[]): { file: string; text: string }[] {
  const files = globSync(pattern, {
    exclude: (name) => /node_modules|\.data|\.svelte-kit|build$|\.test\.ts$/.test(name),
  });
  return files.map((file) => ({ file, text: readFileSync(file, 'utf8') }));
}

test('nothing needs Redis or another queue: what is promised lies in Postgres and Temporal', () => {
  const asked = textsOf(['package.json', 'docker-compose.yml', 'Dockerfile', '.env.example']);
  expect(asked).toHaveLength(4);
  for (const { file, text } of asked) {
    expect(text, file).not.toMatch(/redis|bullmq|rabbitmq|kafka/i);
  }
});

test('no page carries a token or keeps one: a browser has its cookie and nothing else', () => {
  const pages = textsOf(['ui/src/**/*.ts', 'ui/src/**/*.svelte']);
  expect(pages.length).toBeGreaterThan(50);
  for (const { file, text } of pages) {
    // An example for the command line may name the header; a header of a page's own would be given a value.
    expect(text, file).not.toMatch(/authorization['"]?\s*:\s*[`'"({]/i);
    expect(text, file).not.toMatch(/(local|session)Storage[^\n]*(token|session|secret)/i);
  }
});
