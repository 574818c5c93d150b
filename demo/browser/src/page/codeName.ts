/** One name for the code of a cancelled session, which the broker and the client name differently. */
export function oneName(code: string): string {
  return code === 'SESSION_CANCELLED' ? 'CANCELLED' : code;
}
