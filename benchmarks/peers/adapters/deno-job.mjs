import { jobSide } from './process-job.mjs';

const encoder = new TextEncoder();
const writer = Deno.stdout.writable.getWriter();
const onMessage = jobSide(message => writer.write(encoder.encode(JSON.stringify(message) + '\n')));

let rest = '';
for await (const text of Deno.stdin.readable.pipeThrough(new TextDecoderStream())) {
  const lines = (rest + text).split('\n');
  rest = lines.pop();
  for (const line of lines) onMessage(JSON.parse(line));
}
