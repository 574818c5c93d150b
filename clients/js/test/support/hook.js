import { createElement, useEffect } from 'react';
import { create } from 'react-test-renderer';
import { EnclaveProvider, useEnclaveSession } from '../../dist/react.js';

// The renderer prints at each start that it is deprecated; there is no other one without a browser.
const { error } = console;
console.error = (...args) => String(args[0]).startsWith('react-test-renderer is deprecated') || error(...args);

/** Renders a component that uses the hook, and records each state that differs from the one before. */
export async function renderHook(t, provider, options = {}) {
  const shown = [];
  const waiting = new Set();
  const mounted = {};
  let effects = 0;

  function Probe({ options }) {
    const session = useEnclaveSession(options);
    mounted.session = session;
    useEffect(() => {
      effects++;
      const { execute: _, cancel: __, reset: ___, ...view } = session;
      if (JSON.stringify(view) !== JSON.stringify(shown.at(-1))) shown.push(view);
      for (const check of waiting) check();
    });
    return null;
  }

  const element = (provider, options) => createElement(EnclaveProvider, provider, createElement(Probe, { options }));
  const root = create(element(provider, options));
  t.after(() => root.unmount());
  // Settles once a component has shown a matching state.
  const met = (matches) =>
    new Promise((resolve) => {
      const check = () => {
        if (!matches()) return;
        waiting.delete(check);
        resolve();
      };
      waiting.add(check);
      check();
    });
  await met(() => effects > 0);
  return {
    shown,
    get session() {
      return mounted.session;
    },
    async rerender(provider, options = {}) {
      const before = effects;
      root.update(element(provider, options));
      await met(() => effects > before);
    },
    until: (matches) => met(() => shown.some(matches)),
  };
}
