import type { z } from 'zod';
import type { Outbound } from './http.ts';

/** One message as it leaves us, ready to be handed over. */
export interface Outgoing {
  /** An address, or a phone number as E.164. */
  to: string;
  from: string;
  fromName?: string;
  replyTo?: string;
  subject?: string;
  text: string;
  html?: string;
  /** Such as List-Unsubscribe, In-Reply-To and References. A line break in one is refused. */
  headers: Record<string, string>;
  /** With its angle brackets; made from the key when it is not given. */
  messageId?: string;
}

/** What became of a message that was handed over. */
export type Receipt =
  | { is: 'accepted'; providerId: string }
  /**
   * Not now. The claim may be released, and the same message offered later under the same key.
   * `maybe` says that it may have gone out already: then only the same key makes it once.
   */
  | { is: 'busy'; because: string; retryAt?: string; maybe?: true }
  /** Never: the provider said no to these words, this address or these credentials. */
  | { is: 'refused'; because: string; code?: string }
  /** It may have gone out and nobody can tell. Not to be offered again by a machine. */
  | { is: 'unknown'; because: string };

/** A connection of a workspace, opened: what `settings` and `secrets` of the integration parsed. */
export interface Connection {
  settings: unknown;
  secrets: unknown;
  /** How to reach the world. Without it only public addresses can be reached. */
  outbound?: Outbound;
}

/** A way to reach a person. */
export interface Channel {
  name: string;
  title: string;
  kind: 'email' | 'sms';
  settings: z.ZodType;
  /** Hands a message over within ten seconds. What goes wrong is a receipt, not an error. */
  send(message: Outgoing, key: string, connection: Connection): Promise<Receipt>;
  /**
   * What became of a message, if the provider can be asked by its key: accepted, or refused when it reached nobody.
   * Nothing when the provider says that it was never given it, `busy` when it does not say.
   */
  lookUp?(key: string, connection: Connection): Promise<Receipt | undefined>;
}
