import { toast } from 'svelte-sonner';

let undo: (() => void) | undefined;

/** Says what was done, in the past tense; Undo (or Z) takes it back for eight seconds. */
export function tell(text: string, takeBack?: () => void | Promise<void>): void {
  if (!takeBack) {
    toast.success(text);
    return;
  }
  function once() {
    if (undo !== once) return;
    undo = undefined;
    toast.dismiss(id);
    void takeBack?.();
  }
  undo = once;
  const id = toast.success(text, {
    duration: 8000,
    action: { label: 'Undo', onClick: once },
    onAutoClose: () => {
      if (undo === once) undo = undefined;
    },
  });
}

/** Says what did not happen, and offers to try again if that makes sense. */
export function warn(text: string, again?: () => void | Promise<void>): void {
  toast.error(text, again && { action: { label: 'Try again', onClick: () => void again() } });
}

export function undoLast(): void {
  undo?.();
}
