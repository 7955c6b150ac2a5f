import type { Column, Spot } from './deal-board.ts';
import { spotOf } from './deal-board.ts';
import type { Deal } from './deal.ts';

/** A card in the air: where it came from, and where it would come down. */
export interface Lifted {
  deal: Deal;
  from: Spot;
  over: Spot;
  by: 'keys' | 'pointer';
  width: number;
}

/** The upper left corner of the card that a pointer carries. */
interface Corner {
  x: number;
  y: number;
}

interface Given {
  columns: () => Column[];
  /** Where it came down; the board decides what becomes of it. */
  ondrop: (deal: Deal, to: Spot) => void;
  /** Said to those who cannot see it. */
  say: (text: string) => void;
}

/** Lifting, carrying and putting down a card, by keys and by pointer. */
export function liftOf({ columns, ondrop, say }: Given) {
  let lifted = $state.raw<Lifted>();
  // Apart from it, so that columns are drawn again only when the spot is another.
  let corner = $state.raw<Corner>({ x: 0, y: 0 });

  function lift(deal: Deal, by: Lifted['by'], at: Corner = corner, width = 0) {
    const from = spotOf(columns(), deal.id);
    if (!from) return;
    corner = at;
    lifted = { deal, from, over: from, by, width };
    if (by === 'keys')
      say(`${deal.name} lifted. ${spotInWords(from)}. Arrows move it, Space drops.`);
  }

  function carry(over: Spot, at?: Corner) {
    if (!lifted) return;
    if (at) corner = at;
    const same = over.stageId === lifted.over.stageId && over.index === lifted.over.index;
    if (same) return;
    lifted = { ...lifted, over };
    if (lifted.by === 'keys') say(`${lifted.deal.name}, ${spotInWords(over)}`);
  }

  /** Another column, at the same height as far as it goes, or another place in the same one. */
  function step(key: string) {
    if (!lifted) return;
    const all = columns();
    const { stageId, index } = lifted.over;
    const at = all.findIndex(({ stage }) => stage.id === stageId);
    const sideways = { ArrowLeft: -1, ArrowRight: 1 }[key];
    if (sideways) {
      const next = all[at + sideways];
      if (next) carry({ stageId: next.stage.id, index: Math.min(index, roomIn(next)) });
      return;
    }
    const by = { ArrowUp: -1, ArrowDown: 1 }[key] ?? 0;
    carry({ stageId, index: Math.max(0, Math.min(roomIn(all[at]!), index + by)) });
  }

  function drop() {
    if (!lifted) return;
    const { deal, over, from } = lifted;
    lifted = undefined;
    if (over.stageId === from.stageId && over.index === from.index) {
      say(`${deal.name} is where it was`);
      return;
    }
    say(`${deal.name} dropped. ${spotInWords(over)}`);
    ondrop(deal, over);
  }

  function putBack() {
    if (!lifted) return;
    say(`${lifted.deal.name} put back. ${spotInWords(lifted.from)}`);
    lifted = undefined;
  }

  /** `Negotiation, place 2 of 5`; won and lost have no places. */
  function spotInWords({ stageId, index }: Spot): string {
    const column = columns().find(({ stage }) => stage.id === stageId);
    if (!column) return '';
    const { stage } = column;
    if (stage.kind !== 'open') return stage.name;
    const of = column.count + (lifted && lifted.from.stageId !== stageId ? 1 : 0);
    return `${stage.name}, place ${index + 1} of ${of}`;
  }

  /** The last place a lifted card can take there; it does not count itself. */
  function roomIn({ stage, items }: Column): number {
    if (stage.kind !== 'open') return 0;
    return items.length - (lifted?.from.stageId === stage.id ? 1 : 0);
  }

  return {
    get lifted() {
      return lifted;
    },
    get corner() {
      return corner;
    },
    ...{ lift, carry, step, drop, putBack },
  };
}

export type Lift = ReturnType<typeof liftOf>;
