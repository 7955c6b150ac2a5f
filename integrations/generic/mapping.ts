/** Reads one value out of any JSON by `a.b.0.c` or by a JSON pointer `/a/b/0/c` (RFC 6901). */
export function valueAt(payload: unknown, path: string): unknown {
  let value = payload;
  for (const key of keysOf(path)) {
    if (value === null || typeof value !== 'object' || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<string, unknown>)[key];
  }
  return value;
}

/** A value as a short text; objects, booleans and nothing are no text. */
export function textAt(payload: unknown, path: string | undefined): string | undefined {
  if (path === undefined) return undefined;
  const value = valueAt(payload, path);
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}

function keysOf(path: string): string[] {
  if (!path.startsWith('/'))
    return path
      .replace(/^\$\.?/, '')
      .split('.')
      .filter(Boolean);
  return path
    .slice(1)
    .split('/')
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
}
