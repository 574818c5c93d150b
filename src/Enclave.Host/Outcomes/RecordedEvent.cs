using Enclave.Protocol;

namespace Enclave.Outcomes;

/// <summary>One event of a recorded run.</summary>
internal abstract record RecordedEvent;

/// <summary>The script wrote a line.</summary>
internal sealed record LineEvent(ConsoleLevel Level, string Text) : RecordedEvent;

/// <summary>The script called a tool.</summary>
internal sealed record CallEvent(uint Call, string Tool, ScriptValue Args) : RecordedEvent;

/// <summary>A tool's answer reached the script, and its clock moved to this time.</summary>
internal sealed record AnswerEvent(uint Call, long Milliseconds, ScriptValue Value, ToolFailure? Failure) : RecordedEvent;
