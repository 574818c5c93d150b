// clearscript: a child for each runtime, MessagePack over its standard streams, a new context for each job.
import { dotnetPeer } from './dotnet.mjs';

export const { nodeFlags, version, missing, command } = dotnetPeer('clearscript-process', 'Microsoft.ClearScript.V8');
