import express, { type RequestHandler } from 'express';
import { Refusal } from '#domain/refusal.ts';

/** Leads come in crowds; everything else is small. */
const crowds = /\/leads\/bulk$/;
const small = express.json({ limit: '1mb', strict: false });
const large = express.json({ limit: '10mb', strict: false });
const DEEPEST = 60;

/** Reads a JSON body within its limits. Another type of body is refused. */
const reading: RequestHandler = (request, response, next) => {
  const hasBody =
    Number(request.headers['content-length'] ?? 0) > 0 || request.headers['transfer-encoding'];
  if (hasBody && !request.is(['json', '+json'])) {
    return next(Object.assign(new Error('Not JSON.'), { status: 415 }));
  }
  (crowds.test(request.path) ? large : small)(request, response, next);
};

const checking: RequestHandler = (request, _response, next) => {
  refuseOddities(request.body);
  next();
};

export const jsonBody = [reading, checking];

/** Refuses what parses and cannot be kept: a NUL in a text, and lists within lists without end. */
export function refuseOddities(body: unknown): void {
  const open: { value: unknown; path: string; depth: number }[] = [
    { value: body, path: '', depth: 0 },
  ];
  for (let next = open.pop(); next; next = open.pop()) {
    const { value, path, depth } = next;
    if (typeof value === 'string' && value.includes('\0')) {
      throw odd(path, 'A text cannot have a NUL in it.');
    }
    if (typeof value !== 'object' || value === null) continue;
    if (depth > DEEPEST) throw odd('', 'This is nested too deeply.');
    for (const [key, inner] of Object.entries(value)) {
      if (key.includes('\0')) throw odd(path, 'A name cannot have a NUL in it.');
      open.push({ value: inner, path: path ? `${path}.${key}` : key, depth: depth + 1 });
    }
  }
}

function odd(field: string, message: string): Refusal {
  return new Refusal('invalid', 'Some fields cannot be accepted.', [{ field, message }]);
}
