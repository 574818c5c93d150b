using Enclave.Outcomes;
using Enclave.Protocol;

namespace Enclave.Runs;

/// <summary>The outcome of a tool call, as the script sees it, and its duration.</summary>
internal readonly record struct ToolOutcome(ScriptValue Value, ToolFailure? Failure, TimeSpan Time);
