import ArrowDownToDot from '@lucide/svelte/icons/arrow-down-to-dot';
import Building from '@lucide/svelte/icons/building-2';
import CircleDot from '@lucide/svelte/icons/circle-dot';
import Gauge from '@lucide/svelte/icons/gauge';
import LogIn from '@lucide/svelte/icons/log-in';
import Mail from '@lucide/svelte/icons/mail';
import MessageSquare from '@lucide/svelte/icons/message-square';
import MousePointerClick from '@lucide/svelte/icons/mouse-pointer-click';
import Phone from '@lucide/svelte/icons/phone';
import SquareCheckBig from '@lucide/svelte/icons/square-check-big';
import StickyNote from '@lucide/svelte/icons/sticky-note';
import Tag from '@lucide/svelte/icons/tag';
import UserRound from '@lucide/svelte/icons/user-round';
import type { Entry } from '#domain/timeline.ts';
import { namer } from './people.ts';

export type { Entry } from '#domain/timeline.ts';

export type Kind = 'conversation' | 'automation' | 'changes';

/** Words in a kind that say what it looks like; the first that fits. */
const looks = [
  [/message|reply/, MessageSquare],
  [/call/, Phone],
  [/task/, SquareCheckBig],
  [/click|open/, MousePointerClick],
  [/score/, Gauge],
  [/tag/, Tag],
  [/assign|owner/, UserRound],
  [/enrich|company/, Building],
  [/enrol|sequence/, LogIn],
  [/note/, StickyNote],
  [/creat|receiv|arriv|import|lead/, ArrowDownToDot],
] as const;

const channels = {
  email: { icon: Mail, colour: 'text-channel-email' },
  sms: { icon: MessageSquare, colour: 'text-channel-sms' },
  call: { icon: Phone, colour: 'text-channel-call' },
  task: { icon: SquareCheckBig, colour: 'text-channel-task' },
};

export function lookOf({ kind, channel }: Entry): { icon: typeof Mail; colour?: string } {
  const known = channels[channel as keyof typeof channels];
  return known ?? { icon: looks.find(([words]) => words.test(kind))?.[1] ?? CircleDot };
}

/** Which of the three views an entry belongs to. */
export function kindOf({ kind, body, touchId, promised }: Entry): Kind {
  if (kind === 'message' || kind === 'note' || kind === 'call_done') return 'conversation';
  if (kind === 'touch' && body && !promised) return 'conversation';
  if (touchId || promised || /enrol|sequence|decision|touch|step/.test(kind)) return 'automation';
  return 'changes';
}

/** Without the line that only repeats what a touch beside it says already, and with names for ids. */
export function told(entries: Entry[], people: { userId: string; name: string }[] = []): Entry[] {
  const named = namer(people);
  const touches = new Set(
    entries.filter(({ kind }) => kind === 'touch').map(({ touchId }) => touchId),
  );
  return entries
    .filter(({ id, touchId }) => !touchId || !id.startsWith('activity:') || !touches.has(touchId))
    .map((entry) => ({ ...entry, title: named(entry.title), detail: named(detailOf(entry)) }));
}

/** A reason that is a sentence, and the sequence after it: `… to a lead. Fleet check-in`. */
function detailOf({ kind, detail }: Entry): string | null {
  if (kind === 'assigned' && detail) return detail.charAt(0).toUpperCase() + detail.slice(1);
  return (kind === 'touch' && detail?.replace(/([.!?]), (?=[^,]*$)/, '$1 ')) || detail;
}

/** The last thing they said, if no person has answered or settled it since; entries stand newest first. */
export function unanswered(entries: Entry[]): Entry | undefined {
  const said = entries.find(
    ({ kind, promised }) => !promised && (kind === 'message' || kind === 'reply_done'),
  );
  if (said?.direction !== 'in') return undefined;
  return ['auto-reply', 'bounce', 'complaint'].includes(said.state ?? '') ? undefined : said;
}
