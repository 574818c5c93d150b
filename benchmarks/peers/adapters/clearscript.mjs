// clearscript: a new context for each job, in a runtime for each core.
import { dotnetPeer } from './dotnet.mjs';

export const { nodeFlags, version, missing, command } = dotnetPeer('clearscript', 'Microsoft.ClearScript.V8');
