import { whereaboutsOf } from '#db/facts.ts';
import type { Walk } from '#db/walks.ts';
import { instantOf, jittered, nextAllowed, type Window } from '#domain/calendar.ts';
import { windowsOf } from '#sequences/rehearse.ts';

/** One question that was asked before a message might leave, and its answer: the Why of a touch. */
export interface Check {
  name: string;
  detail: string;
  ok: boolean;
}

/** Why this person is not written to at all on this channel; nothing when they may be. */
export function guardOf(
  walk: Walk,
  channel: 'email' | 'sms',
): { checks: Check[]; refused?: { reason: string; because: string } } {
  const { contact } = walk.person;
  const address = channel === 'email' ? contact.email : contact.phone;
  const listed = walk.suppressed[channel];
  const checks: Check[] = [];

  function ask(name: string, ok: boolean, yes: string, no: string): boolean {
    checks.push({ name, ok, detail: ok ? yes : no });
    return ok;
  }

  const what = channel === 'email' ? 'email address' : 'phone number';
  if (!ask('Consent', !walk.doNotContact, 'May be contacted', 'Do not contact'))
    return {
      checks,
      refused: { reason: 'do-not-contact', because: 'This person must not be contacted.' },
    };
  if (!ask('Address', Boolean(address), `Has ${what}`, `Has no ${what}`))
    return { checks, refused: { reason: 'no-address', because: `There is no ${what}.` } };
  if (!ask('Suppressed', !listed, 'On no list', `On the list: ${listed}`))
    return {
      checks,
      refused: { reason: 'suppressed', because: `On the suppression list: ${listed}.` },
    };
  if (channel === 'sms' && !ask('Mobile', contact.smsEligible, 'Can be texted', 'Cannot be texted'))
    return {
      checks,
      refused: { reason: 'not-sms-eligible', because: 'The number cannot be texted.' },
    };
  return { checks };
}

/** When the calendar lets it go: at once, later, or never. */
export function calendarOf(
  walk: Walk,
  at: string,
): { checks: Check[]; next: string | undefined; isOpen: boolean } {
  const { contact } = walk.person;
  const { who, places } = whereaboutsOf(walk.person);
  const { zone } = who;
  const windows = windowsOf(walk.definition, walk.step, who, places);
  const back = returnOf(walk.person, zone);
  const isAway = back !== undefined && Date.parse(back) > Date.parse(at);
  const opens = nextAllowed(isAway ? back : at, windows);
  const isOpen = !isAway && opens !== undefined && Date.parse(opens) <= Date.parse(at);
  const checks = [
    ...(isAway
      ? [{ name: 'Out of office', detail: `Back on ${contact.awayUntil}`, ok: false }]
      : []),
    {
      name: 'Zone',
      detail: zone ?? 'Nobody knows; the workspace’s for windows, every US zone for texts',
      ok: true,
    },
    ...windows.map((window, index) => checkOf(window, index, at)),
  ];
  const next = opens && !isOpen ? jittered(opens, windows, walk.enrolment.leadId) : opens;
  return { checks, next, isOpen };
}

/** The morning of the day on which an out-of-office says they return. */
export function returnOf(
  { contact, workspace }: Walk['person'],
  zone = contact.timeZone ?? undefined,
): string | undefined {
  return contact.awayUntil
    ? instantOf(contact.awayUntil, '00:00', zone ?? workspace.timeZone)
    : undefined;
}

function checkOf(window: Window, index: number, at: string): Check {
  const { days, from, to, zone } = window;
  const opens = nextAllowed(at, [window]);
  const ok = opens !== undefined && Date.parse(opens) <= Date.parse(at);
  const name = index === 0 ? 'Window' : 'Quiet hours';
  const span = days.length === 7 ? 'every day' : days.join(' ');
  return { name, ok, detail: `${span} ${from}–${to}, ${zone}` };
}
