import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto';

/** AES-256-GCM as iv:tag:ciphertext, each in base64. The key is 32 bytes. */
export function seal(plain: string, key: Buffer): string {
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, iv);
  const text = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
  return [iv, cipher.getAuthTag(), text].map((part) => part.toString('base64')).join(':');
}

export function unseal(sealed: string, key: Buffer): string {
  const [iv, tag, text] = sealed.split(':').map((part) => Buffer.from(part, 'base64'));
  if (!iv || !tag || !text) throw new Error('A sealed secret has three parts.');
  const decipher = createDecipheriv('aes-256-gcm', key, iv).setAuthTag(tag);
  return Buffer.concat([decipher.update(text), decipher.final()]).toString('utf8');
}

/** For secrets that are only ever compared: tokens and invitations. */
export function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

/** A text and our signature, fit for a URL. */
export function signToken(text: string, key: Buffer): string {
  return `${Buffer.from(text).toString('base64url')}.${signatureOf(text, key)}`;
}

/** The text of a token, if we signed it. */
export function readToken(token: string, key: Buffer): string | undefined {
  const [body = '', signature = ''] = token.split('.');
  const text = Buffer.from(body, 'base64url').toString('utf8');
  const [given, own] = [Buffer.from(signature), Buffer.from(signatureOf(text, key))];
  return given.length === own.length && timingSafeEqual(given, own) ? text : undefined;
}

function signatureOf(text: string, key: Buffer): string {
  return createHmac('sha256', key).update(`token ${text}`).digest('base64url').slice(0, 32);
}
