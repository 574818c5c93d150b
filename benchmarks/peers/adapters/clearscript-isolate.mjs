// clearscript: a new runtime for each job.
import { dotnetPeer } from './dotnet.mjs';

export const { nodeFlags, version, missing, command } = dotnetPeer('clearscript-isolate', 'Microsoft.ClearScript.V8');
