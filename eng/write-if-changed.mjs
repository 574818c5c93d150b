// A file that is written anew gets a new date, and a new date means a new build.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

export function writeIfChanged(path, text) {
  if (!existsSync(path) || readFileSync(path, 'utf8') !== text) writeFileSync(path, text);
}
