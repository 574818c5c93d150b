/** The text of an answer, read no further than a number of bytes; undefined when it is longer. */
export async function boundedText(answer: Response, mostBytes: number): Promise<string | undefined> {
  const told = answer.headers.get('Content-Length');
  // A length that was told holds, unless more is unpacked from it. Chromium calls a short answer aborted that is read piece by piece.
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

/** What a text says as JSON; undefined when it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
