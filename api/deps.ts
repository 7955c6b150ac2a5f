import type { Client } from '@temporalio/client';
import type { Request } from 'express';
import type { Kysely } from 'kysely';
import type { Logger } from 'pino';
import type { Auth } from '#db/auth.ts';
import type { Door } from '#db/door.ts';
import type { DB } from '#db/schema.ts';
import type { HouseMail } from '#db/workspaces.ts';
import type { Blobs } from '#integrations/blobs/blobs.ts';
import type { Outbound } from '#integrations/http.ts';
import type { Live } from './live.ts';

/** What the API reaches the world through. Built once by `server.ts`; tests pass their own. */
export interface Deps {
  db: Kysely<DB>;
  temporal: Client;
  auth: Auth;
  /** Where webhooks come in. */
  door: Door;
  /** Where pages hear what changed. */
  live: Live;
  blobs: Blobs;
  outbound: Outbound;
  encryptionKey: Buffer;
  /** What strikes our clocks from outside says this; without it nothing may. */
  cronSecret?: string | undefined;
  publicBaseUrl: string;
  /** Whether messages may stay inside the product, to be read and answered there. */
  sandbox: boolean;
  /** How mail leaves from a workspace that has connected nothing. */
  mail?: HouseMail | undefined;
  log: Logger;
  now(): string;
  /** From which address a call comes. */
  addressOf(request: Request): string;
}
