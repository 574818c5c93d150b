import type { Feed, FeedSurroundings } from './feed.js';

/** What a feed needs, of the page that this is. */
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

/** Has a feed ask while somebody may look at the page. */
export function whileVisible(feed: Pick<Feed<unknown>, 'refresh' | 'stop'>): void {
  document.addEventListener('visibilitychange', () => (document.visibilityState === 'visible' ? feed.refresh() : feed.stop()));
}
