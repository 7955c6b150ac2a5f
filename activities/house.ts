export interface OfHouse {
  resend?: { apiKey: string } | undefined;
  smtp?: { url: string } | undefined;
  smsGateway?: { url: string; username: string; password: string } | undefined;
}

/** By the name of a provider: how the installation itself sends, for workspaces without a connection of their own. */
export type House = Partial<Record<string, { settings: object; secrets: object }>>;

export function houseOf({ resend, smtp, smsGateway }: OfHouse): House {
  return {
    ...(resend && { resend: { settings: {}, secrets: { apiKey: resend.apiKey } } }),
    ...(smtp && { smtp: mailServer(new URL(smtp.url)) }),
    ...(smsGateway && {
      'sms-gateway': {
        settings: { url: smsGateway.url, username: smsGateway.username },
        secrets: { password: smsGateway.password },
      },
    }),
  };
}

/** `smtps://user:password@host:465`; without a port, that of its kind. */
function mailServer({ protocol, hostname: host, port, username, password }: URL) {
  const secure = protocol === 'smtps:';
  return {
    settings: {
      ...{ host, secure, port: Number(port) || (secure ? 465 : 587) },
      ...(username && { username: decodeURIComponent(username) }),
    },
    secrets: password ? { password: decodeURIComponent(password) } : {},
  };
}
