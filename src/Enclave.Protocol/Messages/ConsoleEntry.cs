namespace Enclave.Protocol.Messages;

/// <summary>One console line: level 0 to 4 (log, info, warn, error, debug) and its text.</summary>
internal readonly record struct ConsoleEntry(int Level, string Text);
