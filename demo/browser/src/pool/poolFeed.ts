import { Feed, type FeedState, type FeedSurroundings } from '../page/feed.js';
import { readPool, type PoolSnapshot } from './poolSnapshot.js';

/** The state of the broker's pool. */
export class PoolFeed extends Feed<PoolSnapshot> {
  constructor(page: FeedSurroundings, tell: (state: FeedState<PoolSnapshot>) => void) {
    super({ path: 'demo/pool', read: readPool, subject: 'the state of a pool' }, page, tell);
  }
}
