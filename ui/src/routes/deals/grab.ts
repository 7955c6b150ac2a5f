import type { Deal } from '#lib/deal.ts';
import type { Spot } from '#lib/deal-board.ts';
import type { Lift } from '#lib/lift.svelte.ts';

interface Given {
  lift: () => Lift;
  /** What is under the pointer, if anything a card can be dropped on. */
  spotAt: (x: number, y: number) => Spot | undefined;
  /** Told at each frame where a card is held, to scroll on at the edges. */
  creep: (x: number, y: number) => void;
}

/** How far a pointer goes before a press is a drag. */
const SLACK = 5;

/** Follows a pointer that was pressed on a card: lifts it, carries it once a frame, and drops it. Touch scrolls. */
export function grabOf({ lift, spotAt, creep }: Given) {
  return (event: PointerEvent, deal: Deal): void => {
    if (event.button !== 0 || event.pointerType === 'touch') return;
    const card = event.currentTarget as HTMLElement;
    const from = card.getBoundingClientRect();
    const [dx, dy] = [event.clientX - from.left, event.clientY - from.top];
    let [x, y] = [event.clientX, event.clientY];
    let frame = 0;
    const over = new AbortController();
    const { signal } = over;

    function carry() {
      const { lifted } = lift();
      if (!lifted) return;
      creep(x, y);
      lift().carry(spotAt(x, y) ?? lifted.over, { x: x - dx, y: y - dy });
      frame = requestAnimationFrame(carry);
    }

    function move(event: PointerEvent) {
      [x, y] = [event.clientX, event.clientY];
      if (frame || Math.hypot(x - from.left - dx, y - from.top - dy) < SLACK) return;
      lift().lift(deal, 'pointer', { x: x - dx, y: y - dy }, from.width);
      frame = requestAnimationFrame(carry);
    }

    function up() {
      if (frame) window.addEventListener('click', swallow, { capture: true, once: true });
      setTimeout(() => window.removeEventListener('click', swallow, { capture: true }));
      end();
      if (frame) lift().drop();
    }

    function cancel() {
      end();
      lift().putBack();
    }

    function end() {
      cancelAnimationFrame(frame);
      over.abort();
    }

    window.addEventListener('pointermove', move, { signal });
    window.addEventListener('pointerup', up, { signal });
    window.addEventListener('pointercancel', cancel, { signal });
  };
}

/** The end of a drag is not a click on what lies under it. */
function swallow(event: Event): void {
  event.preventDefault();
  event.stopPropagation();
}
