import type { MailParts } from './parts.ts';

const SUBJECT = new RegExp(
  [
    '^\\W*(auto(matic|matische|mated)?[ -]?(re(ply|sponse)|response|antwort)|autoreply|auto:)',
    'out of (the )?office|away from (the )?office|on (annual |maternity |parental )?leave\\b|ooo\\b',
    '^away (until|from)|vacation (reply|response|notice)|on (vacation|holiday)',
    'abwesen(d|heit)|automatische antwort|bin nicht im büro|réponse automatique|absence du bureau',
    'absent\\(e\\)|absent du bureau|respuesta automática|fuera de (la )?oficina|ausente',
    'resposta automática|fora do escritório|risposta automatica|fuori (sede|ufficio)|assente',
    'automatisch antwoord|afwezig|automatiskt svar|automatisk svar|autosvar|frånvaro|fravær',
    'autoodpowiedź|automatyczna odpowiedź|nieobecno|poza biurem|automatická odpověď|mimo kancelář',
    'automaattinen vastaus|poissa|автоответ|автоматический ответ|отсутств|自動(応答|返信)|不在|自动(回复|答复)|자동 회신',
  ].join('|'),
  'i',
);

const BODY = new RegExp(
  [
    'i am (currently )?(out of|away|on (vacation|holiday|leave))|i.m (currently )?(out of|away)',
    'will be (out of|away from) the office|out of (the )?office (until|from|and|with)',
    'limited access to (my )?e-?mail|(currently|am) out of (the )?office',
    'ich bin (derzeit|zur ?zeit|momentan|ab|vom|bis).{0,60}(nicht|abwesend)|ich bin.{0,40}wieder (da|im)',
    'je suis (actuellement )?absent|actuellement absent|estoy fuera|estaré fuera|me encuentro fuera',
    'estou (ausente|fora|de férias)|sono (assente|fuori)|ik ben (momenteel|afwezig)|jag är (borta|på)',
  ].join('|'),
  'i',
);

/** Whether a machine answered: RFC 3834, its older cousins, and the words of mail programs. */
export function isAutomatic({ headers, subject, text, from }: MailParts): boolean {
  const submitted = headers['auto-submitted']?.toLowerCase().replace(/;.*/s, '').trim();
  if (submitted === 'auto-replied') return true;
  if (headers['x-autoreply'] || headers['x-autorespond'] || headers['x-autoresponder']) return true;
  if (headers['x-apple-action'] === 'VACATION' || headers['x-vacation']) return true;
  if (/auto[-_]?reply/i.test(headers['precedence'] ?? '')) return true;
  if (/vacation|autorespond/i.test(headers['x-mailer'] ?? '')) return true;
  const generated = submitted === 'auto-generated' || submitted === 'auto-notified';
  const answers = Boolean(headers['in-reply-to'] ?? headers['references']);
  const words = SUBJECT.test(subject) || BODY.test(text.slice(0, 1500));
  // Help desks send what people wrote with X-Auto-Response-Suppress: alone it proves nothing.
  const hushed = generated || headers['x-auto-response-suppress'] !== undefined;
  if ((generated && answers) || (hushed && words)) return true;
  if (SUBJECT.test(subject.replace(/^\s*(re|aw|sv|tr|fw|fwd|wg)\s*:\s*/i, ''))) return true;
  const quiet = /^<>/.test(headers['return-path'] ?? '') || /^no-?reply@/i.test(from);
  return (
    (quiet || /bulk|junk/i.test(headers['precedence'] ?? '')) && BODY.test(text.slice(0, 1500))
  );
}
