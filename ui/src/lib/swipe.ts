import type { Attachment } from 'svelte/attachments';

const FAR = 72;

/** On a phone: right is done, left is later. Scrolling up and down stays scrolling. */
export function swipe(act: { right: () => void; left: () => void }): Attachment<HTMLElement> {
  return (element) => {
    let from: { x: number; y: number } | undefined;
    function start(event: TouchEvent) {
      const finger = event.touches[0];
      if (finger) from = { x: finger.clientX, y: finger.clientY };
    }
    function move(event: TouchEvent) {
      const finger = event.touches[0];
      if (!from || !finger) return;
      const [across, down] = [finger.clientX - from.x, Math.abs(finger.clientY - from.y)];
      element.style.transform = Math.abs(across) > down ? `translateX(${across / 2}px)` : '';
    }
    function end(event: TouchEvent) {
      const finger = event.changedTouches[0];
      const across = from && finger ? finger.clientX - from.x : 0;
      element.style.transform = '';
      from = undefined;
      if (across > FAR) act.right();
      if (across < -FAR) act.left();
    }
    const options = { passive: true };
    element.addEventListener('touchstart', start, options);
    element.addEventListener('touchmove', move, options);
    element.addEventListener('touchend', end, options);
    return () => {
      element.removeEventListener('touchstart', start);
      element.removeEventListener('touchmove', move);
      element.removeEventListener('touchend', end);
    };
  };
}
