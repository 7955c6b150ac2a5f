import Keyboard from '@lucide/svelte/icons/keyboard';
import LogOut from '@lucide/svelte/icons/log-out';
import Monitor from '@lucide/svelte/icons/monitor';
import Moon from '@lucide/svelte/icons/moon';
import Sun from '@lucide/svelte/icons/sun';
import { post } from '#lib/api.ts';
import type { MenuItem } from '#lib/components/Menu.svelte';
import { chooseTheme, currentTheme, type Theme } from '#lib/theme.ts';

/** What a person can do about their own session. */
export function personMenu(onkeys: () => void): MenuItem[] {
  const chosen = currentTheme();
  const themes: { theme: Theme; label: string; icon: MenuItem['icon'] }[] = [
    { theme: 'light', label: 'Light', icon: Sun },
    { theme: 'dark', label: 'Dark', icon: Moon },
    { theme: 'system', label: 'As the system', icon: Monitor },
  ];
  return [
    ...themes.map(({ theme, label, icon }) => ({
      ...{ label, icon, checked: theme === chosen },
      run: () => chooseTheme(theme),
    })),
    { label: 'Keys', icon: Keyboard, keys: '?', apart: true, run: onkeys },
    { label: 'Sign out', icon: LogOut, apart: true, run: () => void signOut() },
  ];
}

/** Leaves by a whole new page, so that nothing that was read stays in memory. */
async function signOut(): Promise<void> {
  await post('/auth/sign-out');
  location.assign('/sign-in');
}
