/** Abandons a job that waits for too long. It cannot stop one that computes, because the timer needs the same thread. */
export async function within(answer, timeMs) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error('time limit')), timeMs);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
