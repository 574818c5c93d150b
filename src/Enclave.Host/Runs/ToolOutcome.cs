using Enclave.Outcomes;
using Enclave.Protocol;

namespace Enclave.Runs;

/// <summary>What a tool call came to, as the script sees it, and how long it took.</summary>
public readonly record struct ToolOutcome(ScriptValue Value, ToolFailure? Failure, TimeSpan Time);
