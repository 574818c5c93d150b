import type { Broker } from './broker.js';
import { pathOf } from './broker.js';
import { messageOf } from './errors.js';
import type { ClientTools, ToolCallInfo } from './options.js';

/** The names of the tools that a client answers. */
export function toolNames(tools: ClientTools | undefined): readonly string[] {
  if (tools === undefined) return [];
  if (typeof tools !== 'object' || tools === null) throw new TypeError('tools must be a list of names, or an object of functions');
  const names: readonly unknown[] = Array.isArray(tools) ? tools : Object.keys(tools);
  for (const name of names) {
    if (typeof name !== 'string' || name === '') throw new TypeError(`tools must be names, not ${JSON.stringify(name)}`);
    if (!Array.isArray(tools) && typeof (tools as Readonly<Record<string, unknown>>)[name] !== 'function')
      throw new TypeError(`tools.${name} must be a function`);
  }
  return names as readonly string[];
}

/**
 * Answers a call with the function of its tool.
 * @returns Undefined if there is no function; otherwise settles when the broker has the answer, and rejects if it cannot be sent.
 */
export function answerCall(tools: ClientTools | undefined, broker: Broker, sessionId: string, call: ToolCallInfo, args: unknown): Promise<unknown> | undefined {
  if (tools === undefined || Array.isArray(tools) || !Object.hasOwn(tools, call.toolName)) return undefined;
  const tool = (tools as Readonly<Record<string, (args: unknown, call: ToolCallInfo) => unknown>>)[call.toolName]!;
  return answerOf(tool, call, args).then((answer) => broker.post(`${pathOf(sessionId)}/tool-result`, 'submit tool result', answer, call.signal));
}

async function answerOf(tool: (args: unknown, call: ToolCallInfo) => unknown, call: ToolCallInfo, args: unknown): Promise<Readonly<Record<string, unknown>>> {
  const { callId } = call;
  try {
    const result = (await tool(args, call)) ?? null;
    // Fails the call here if the result is not JSON. Otherwise the script would wait for it.
    JSON.stringify(result);
    return { callId, result };
  } catch (failure) {
    const code: unknown = typeof failure === 'object' && failure !== null ? (failure as { code?: unknown }).code : undefined;
    return { callId, error: { message: messageOf(failure), ...(typeof code === 'string' && { code }) } };
  }
}
