import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { type InboundMail, readMail } from '#integrations/mail/read.ts';

/** What the next mail shall meet: an answer to one of the commands, or a line that breaks. */
export interface SmtpOrder {
  at: 'mail' | 'rcpt' | 'data';
  code?: number;
  message?: string;
  /** Breaks the line instead of answering: at `data` after the mail was taken. */
  drop?: true;
}

/** A mail server on a free port. `mails` holds what was taken, once each; sign-in is user and pass. */
export async function simulateSmtp() {
  const mails: InboundMail[] = [];
  const orders: SmtpOrder[] = [];

  function ordered(at: SmtpOrder['at']): SmtpOrder | undefined {
    return orders[0]?.at === at ? orders.shift() : undefined;
  }

  function answer(order: SmtpOrder | undefined, done: (error?: Error | null) => void): void {
    if (order?.drop) return drop();
    if (!order?.code) return done();
    done(Object.assign(new Error(order.message ?? 'No'), { responseCode: order.code }));
  }

  const server = new SMTPServer({
    disabledCommands: ['STARTTLS'],
    authOptional: true,
    hideSize: true,
    logger: false,
    onAuth({ username, password }, _session, done) {
      if (username === 'user' && password === 'pass') done(null, { user: username });
      else done(new Error('Invalid username or password'));
    },
    onMailFrom: (_address, _session, done) => answer(ordered('mail'), done),
    onRcptTo: (_address, _session, done) => answer(ordered('rcpt'), done),
    onData(stream, _session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => void chunks.push(chunk));
      stream.on('end', () => {
        const order = ordered('data');
        if (order?.code) return answer(order, done);
        void readMail(Buffer.concat(chunks)).then((mail) => {
          mails.push(mail);
          if (order?.drop) drop();
          else done();
        });
      });
    },
  });
  server.on('error', () => undefined);

  function drop(): void {
    for (const connection of server.connections) connection._socket.destroy();
  }

  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  const { port } = server.server.address() as AddressInfo;
  return {
    ...{ host: '127.0.0.1', port, mails },
    script: (...more: SmtpOrder[]) => void orders.push(...more),
    stop: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}
