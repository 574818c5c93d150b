using Enclave.Protocol;

namespace Enclave.Tools;

/// <summary>What a tool call came to, as the script sees it, and how long it took.</summary>
internal readonly record struct ToolOutcome(ScriptValue Value, ToolFailure? Failure, TimeSpan Time);
