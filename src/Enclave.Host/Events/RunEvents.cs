using System.Collections.Immutable;
using Enclave.Outcomes;
using Enclave.Protocol;
using Enclave.Protocol.Messages;
using Enclave.Runs;

namespace Enclave.Events;

/// <summary>Tells a feed what happens in a run.</summary>
internal class RunEvents(EventFeed feed) : RunObserver
{
    /// <summary>The most that a partial result may take.</summary>
    private const long MaxPartialBytes = 1 << 20;

    public override void OnStarted(ExecutionJob job) => feed.Add(new StartedEvent { QueueWait = job.QueueWait });

    public override void OnConsole(ExecutionJob job, IReadOnlyList<ConsoleEntry> lines)
    {
        foreach (ConsoleEntry line in lines) feed.Add(new ConsoleEvent { Level = (ConsoleLevel)line.Level, Text = line.Text });
    }

    public override void OnToolCall(ExecutionJob job, ToolInvocation call) => feed.Add(new ToolCallEvent { CallId = CallId(call.Id), Name = call.Name, Args = call.Args });

    public override void OnToolProgress(ExecutionJob job, uint call, in ToolProgress progress) => feed.Add(new ToolProgressEvent
    {
        CallId = CallId(call),
        Elapsed = progress.Elapsed,
        Message = progress.Message,
        Fraction = progress.Fraction,
        Bytes = progress.Bytes,
        TotalBytes = progress.TotalBytes,
    });

    public override void OnPartialResult(ExecutionJob job, uint call, ImmutableArray<string> path, ScriptValue data)
    {
        var part = new PartialResultEvent { CallId = CallId(call), Path = path, Data = data };
        feed.Add(part.Size > MaxPartialBytes ? part.WithoutPayload() : part);
    }

    public override void OnToolAnswer(ExecutionJob job, ToolInvocation call, ToolOutcome outcome) => feed.Add(new ToolResultEvent
    {
        CallId = CallId(call.Id),
        Name = call.Name,
        Value = outcome.Value,
        Error = outcome.Failure is { } failure ? Error(failure) : null,
        Elapsed = outcome.Time,
    });

    /// <summary>The last event waits for the result as the caller gets it: references in it may have to be resolved, a recording be made.</summary>
    public override void OnSettled(ExecutionJob job, ExecutionResult? result) => feed.Close();

    /// <summary>Numbers of calls as everybody outside sees them.</summary>
    public static string CallId(uint call) => $"c_{call}";

    private static ExecutionError Error(ToolFailure failure) => new()
    {
        Code = ErrorCode.ToolError,
        Name = failure.Name,
        Message = failure.Message,
        Data = failure.Code is null ? null : new Dictionary<string, object?> { ["code"] = failure.Code },
    };
}
