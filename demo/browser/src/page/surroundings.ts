import type { Feed, FeedSurroundings } from './feed.js';

/** The parts of this page that a feed needs. */
export function thisPage(fetch: typeof globalThis.fetch): FeedSurroundings {
  return {
    fetch,
    schedule: (callback, delayMs) => {
      const timer = window.setTimeout(callback, delayMs);
      return () => window.clearTimeout(timer);
    },
    isVisible: () => document.visibilityState === 'visible',
  };
}

/** Runs a feed while the page is visible. */
export function whileVisible(feed: Pick<Feed<unknown>, 'refresh' | 'stop'>): void {
  document.addEventListener('visibilitychange', () => (document.visibilityState === 'visible' ? feed.refresh() : feed.stop()));
}
