/** The text of a response, up to a number of bytes; undefined if it is longer. */
export async function boundedText(answer: Response, mostBytes: number): Promise<string | undefined> {
  const told = answer.headers.get('Content-Length');
  // A Content-Length is reliable unless the content is compressed. Chromium reports a short response that is read in pieces as aborted.
  if (told === null || answer.headers.has('Content-Encoding')) return pieceByPiece(answer, mostBytes);
  if (Number(told) <= mostBytes) return answer.text();
  await answer.body?.cancel();
  return undefined;
}

async function pieceByPiece(answer: Response, mostBytes: number): Promise<string | undefined> {
  if (!answer.body) return '';
  const reader = answer.body.getReader();
  const decoder = new TextDecoder();
  let text = '';
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    size += value.length;
    if (size > mostBytes) {
      await reader.cancel();
      return undefined;
    }
    text += decoder.decode(value, { stream: true });
  }
}

/** Parses a text as JSON; undefined if it is invalid. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
