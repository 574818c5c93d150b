const key = 'enclave-demo-theme';
const themes = ['system', 'light', 'dark'] as const;
type Theme = (typeof themes)[number];

/** Lets the user choose between light and dark. The default is the system's setting. */
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

// A browser may refuse to store anything, and throws then.
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
    // The choice lasts until the page is left.
  }
}
