export type Theme = 'light' | 'dark' | 'system';

export function currentTheme(): Theme {
  const chosen = /(?:^|; )theme=(light|dark)/.exec(document.cookie)?.[1];
  return (chosen as Theme | undefined) ?? 'system';
}

/** Kept in a cookie for a year; `system` forgets the choice and follows the machine. */
export function chooseTheme(theme: Theme): void {
  const age = theme === 'system' ? 0 : 365 * 24 * 60 * 60;
  document.cookie = `theme=${theme}; path=/; max-age=${age}; samesite=lax`;
  const dark =
    theme === 'dark' || (theme === 'system' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.classList.toggle('dark', dark);
}
