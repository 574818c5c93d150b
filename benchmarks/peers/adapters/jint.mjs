// jint: a new engine for each job, the script prepared once.
import { dotnetPeer } from './dotnet.mjs';

export const { nodeFlags, version, missing, command } = dotnetPeer('jint', 'Jint');
