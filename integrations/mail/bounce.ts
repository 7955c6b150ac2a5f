import { unpersonal } from '#integrations/receipt.ts';
import { addressIn, fieldOf, fieldsOf, type MailParts } from './parts.ts';

/** Who could not be reached, and why. */
export interface Bounced {
  address?: string;
  /** Whether the address will never take mail from us; a full mailbox or a slow server is not that. */
  permanent: boolean;
  /** Enhanced status code (RFC 3463), such as 5.1.1. */
  status?: string;
  because: string;
}

export interface Complained {
  address?: string;
  /** Of RFC 5965, such as abuse or opt-out. A report about a forged sender names nobody. */
  feedbackType: string;
}

/** A feedback report (RFC 5965), or the older letters of one provider. */
export function complaintOf(parts: MailParts): Complained | undefined {
  const report = parts.reports.find(({ type }) => type === 'message/feedback-report');
  const declared = /report-type="?feedback-report/i.test(parts.headers['content-type'] ?? '');
  const old = parts.headers['x-hmxmroriginalrecipient'];
  const letter = old !== undefined || /^complaint about message from/i.test(parts.subject);
  if (!report && !declared && !letter) return undefined;
  const feedbackType = fieldOf(report?.text ?? '', 'Feedback-Type')?.toLowerCase() ?? 'abuse';
  if (feedbackType === 'auth-failure') return { feedbackType };
  const address =
    addressIn(fieldOf(report?.text ?? '', 'Original-Rcpt-To')) ??
    addressIn(old) ??
    addressIn(fieldOf(parts.originals.join('\n'), 'To'));
  return { feedbackType, ...(address && { address }) };
}

/** A delivery report (RFC 3464), or one of the many letters that say the same in their own words. */
export function bounceOf(parts: MailParts): Bounced | undefined {
  const report = parts.reports.find(({ type }) => type === 'message/delivery-status')?.text;
  const actions = fieldsOf(report ?? '', 'Action').map((action) => action.toLowerCase());
  const good =
    actions.length > 0 && actions.every((action) => /^(deliver|relay|expand)/.test(action));
  if (good && !/\b[45]\.\d\.\d/.test(fieldsOf(report!, 'Status').join(' '))) return undefined;
  if (report === undefined && !isLetterOfFailure(parts)) return undefined;
  return detailsOf(parts, report ?? '');
}

const DAEMON =
  /mailer-?daemon|post_?master|mail[ ._-]deliver(y|er)?[ ._-](sub)?system|mail administrator|^$/i;

const SUBJECT = new RegExp(
  [
    'undeliver|not deliver|delivery (status|failure|failed|has failed|report|error|incomplete|delayed)',
    'mail(er)? (delivery )?(failed|failure|error)|mail system error|failure notice|failed mail',
    'returned mail|returning (message )?to sender|returned to sender|return(ed)? receipt: fail',
    'could not (be )?(sent|send|delivered|deliver)|delivery failure|message delivery|loop alert',
    'error sending your mail|mail could not|unable to deliver|bounce notification|rejected mail',
    'unzustellbar|nicht zugestellt|zustellung|konnte nicht|non remis|non distribu|échec de la remise',
    'no se (ha )?(pudo|podido) entregar|no entregado|devuelto|mancata consegna|non recapitat',
    'niet bezorg|onbestelbaar|não (foi )?entreg|não entregue|nie dostarczono|niedostarcz',
    'недостав|не доставлен|配信(でき|不能|に失敗)|送信できません|配送できません|退信|无法投递|無法傳遞',
  ].join('|'),
  'i',
);

const BODY = new RegExp(
  [
    '(could|can) ?not be deliver|was not deliver|undeliver|not (been )?deliver|unable to deliver',
    'delivery .{0,40}fail|fail.{0,30}deliver|permanent (fatal )?error|fatal error|returned below',
    'user (is )?unknown|unknown user|no such (user|recipient|mailbox|address)|does ?n.t exist',
    'mailbox (is )?(full|unavailable|not found|disabled)|quota|over limit|recipient.{0,40}reject',
    'host (is )?unknown|unknown address|address (rejected|unknown|not found)|not listed in',
    'wasn.t possible|message was rejected|error sending your mail|could not be sent',
    '\\b[45]\\d\\d[ -]#?[45]\\.\\d\\.\\d|\\b5[05]\\d .{0,60}(reject|denied|refused|unknown|blocked)',
    'duplicated message-id|loop|could not send mail|致しました|配信(でき|され)|送信でき|届きません',
    'nicht zugestellt|konnte nicht|existiert nicht|n.a pas pu être|no se pudo|non esiste|недоступен',
  ].join('|'),
  'i',
);

function isLetterOfFailure(parts: MailParts): boolean {
  const { headers, from, fromName = '', subject, text, originals } = parts;
  if (headers['x-failed-recipients']) return true;
  const sender = `${headers['return-path'] ?? 'none'} ${from} ${fromName}`;
  const daemon =
    DAEMON.test(from) || DAEMON.test(sender) || /^<>/.test(headers['return-path'] ?? '');
  const body = BODY.test(text.slice(0, 4000));
  if (SUBJECT.test(subject))
    return daemon || (body && originals.length > 0) || /loop alert/i.test(subject);
  return daemon && body;
}

function detailsOf(parts: MailParts, report: string): Bounced {
  const failed = blocksOf(report).find((block) => /^Action[ \t]*:[ \t]*failed/im.test(block));
  const block = failed ?? blocksOf(report).find((one) => fieldOf(one, 'Final-Recipient')) ?? report;
  const words =
    fieldOf(block, 'Diagnostic-Code')?.replace(/^[\w.+-]+\s*;\s*/, '') ?? wordsOf(parts.text);
  const status = statusOf(block, words, parts.text);
  const delayed =
    /^delay/i.test(fieldOf(block, 'Action') ?? '') || /delay|warning/i.test(parts.subject);
  const address = addressOf(parts, block);
  return {
    ...(address && { address }),
    permanent: !delayed && isPermanent(status, `${words} ${parts.text.slice(0, 2000)}`),
    ...(status && { status }),
    because: unpersonal(words).slice(0, 300) || 'The mail could not be delivered.',
  };
}

function blocksOf(report: string): string[] {
  return report.split(/\r?\n[ \t]*\r?\n/);
}

function addressOf(parts: MailParts, block: string): string | undefined {
  const text = parts.text.slice(0, 8000);
  const said = [
    ...text.matchAll(/<?([^\s<>()"',;:[\]]+@[^\s<>()"',;:[\]]+\.[^\s<>()"',;:[\]]+)>?/g),
  ];
  const other = said
    .map(([, address]) => address!.toLowerCase().replace(/\.+$/, ''))
    .find(
      (address) => !DAEMON.test(address) && address !== parts.from && !parts.to.includes(address),
    );
  return (
    addressIn(fieldOf(block, 'Original-Recipient')) ??
    addressIn(fieldOf(block, 'Final-Recipient')) ??
    addressIn(fieldOf(block, 'X-Actual-Recipient')) ??
    addressIn(parts.headers['x-failed-recipients']) ??
    other ??
    addressIn(fieldOf(parts.originals.join('\n'), 'To'))
  );
}

function statusOf(block: string, words: string, text: string): string | undefined {
  const given = /\b[245]\.\d{1,3}\.\d{1,3}\b/.exec(fieldOf(block, 'Status') ?? '')?.[0];
  const spoken = /(?<![\d.])[45]\.\d{1,3}\.\d{1,3}(?![\d.])/.exec(
    `${words} ${text.slice(0, 4000)}`,
  )?.[0];
  const vague = given === undefined || /^\d\.0\.0$/.test(given);
  if (vague && spoken) return spoken;
  const reply = /(?:^|[\s:(#])([45])\d\d[\s-]/.exec(`${words} ${text.slice(0, 4000)}`)?.[1];
  return given ?? (reply && `${reply}.0.0`);
}

const FULL = /mailbox (is )?full|full mailbox|quota|over limit|storage|too many messages|容量/i;
const GONE =
  /user (is )?unknown|unknown user|no such|does ?n.t exist|not listed|invalid (recipient|address|mailbox)|not found|host unknown|disabled|inactive|存在しません|見つかりません|宛先不明/i;
const POLICY =
  /spam|blacklist|blocklist|blocked|policy|reputation|dmarc|spf|too large|size limit|virus|rate/i;

const OURS = /sender (address )?(is )?(rejected|denied)|sender verif|authentication|smtp auth/i;

/** A status of class 5, unless it says that the box is full, the letter too big, or that it is about us. */
function isPermanent(status: string | undefined, words: string): boolean {
  if (status?.startsWith('4') || status?.startsWith('2')) return false;
  if (/^5\.(2\.[23]|3\.[14]|7\.\d+)$/.test(status ?? ''))
    return GONE.test(words) && /^5\.7/.test(status!);
  if (/^5\.(1\.[78]|4\.[67]|4\.312|6\.\d+)$/.test(status ?? '') || OURS.test(words)) return false;
  if (/^5\.(1\.\d+|2\.1|4\.4)$/.test(status ?? '')) return true;
  if (GONE.test(words)) return true;
  if (FULL.test(words) || POLICY.test(words)) return false;
  return status?.startsWith('5') ?? false;
}

function wordsOf(text: string): string {
  const lines = text.split('\n').map((line) => line.trim());
  const telling = lines.find((line) => /\b[45]\d\d\b|\b[45]\.\d\.\d/.test(line) && BODY.test(line));
  return telling ?? lines.find((line) => BODY.test(line)) ?? '';
}
