/** A cancelled session has one name on the page, whoever tells of it: the broker, or the client that asked for it. */
export function oneName(code: string): string {
  return code === 'SESSION_CANCELLED' ? 'CANCELLED' : code;
}
