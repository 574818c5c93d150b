const key = 'enclave-demo-theme';
const themes = ['system', 'light', 'dark'] as const;
type Theme = (typeof themes)[number];

/** Lets the user choose between light and dark, beginning with what the system says. */
export function chooseTheme(select: HTMLSelectElement): void {
  const apply = (theme: Theme): void => {
    if (theme === 'system') delete document.documentElement.dataset['theme'];
    else document.documentElement.dataset['theme'] = theme;
  };
  const kept = remembered();
  select.value = kept;
  apply(kept);
  select.addEventListener('change', () => {
    const theme = known(select.value);
    apply(theme);
    remember(theme);
  });
}

function known(value: string | null): Theme {
  return themes.find((theme) => theme === value) ?? 'system';
}

// A browser may keep nothing for a page, and says so by throwing.
function remembered(): Theme {
  try {
    return known(localStorage.getItem(key));
  } catch {
    return 'system';
  }
}

function remember(theme: Theme): void {
  try {
    localStorage.setItem(key, theme);
  } catch {
    // It holds until the page is left.
  }
}
