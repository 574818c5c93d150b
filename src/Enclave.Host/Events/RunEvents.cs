using System.Collections.Immutable;
using Enclave.Outcomes;
using Enclave.Protocol;
using Enclave.Protocol.Messages;
using Enclave.Runs;

namespace Enclave.Events;

/// <summary>Adds the events of a run to a feed.</summary>
internal class RunEvents(EventFeed feed) : RunObserver
{
    /// <summary>The size limit of a partial result.</summary>
    private const long MaxPartialBytes = 1 << 20;

    public override void OnStarted(ExecutionJob job) => feed.Add(new StartedEvent { QueueWait = job.QueueWait });

    public override void OnConsole(ExecutionJob job, IReadOnlyList<ConsoleEntry> lines)
    {
        foreach (ConsoleEntry line in lines) feed.Add(new ConsoleEvent { Level = (ConsoleLevel)line.Level, Text = line.Text });
    }

    public override void OnToolCall(ExecutionJob job, ToolInvocation call) =>
        feed.Add(new ToolCallEvent { CallId = CallId(call.Id), Name = call.Name, Args = call.Args });

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

    /// <summary>The last event waits for the result in the caller's form: references in it may have to be resolved, and a recording made.</summary>
    public override void OnSettled(ExecutionJob job, ExecutionResult? result) => feed.Close();

    /// <summary>The public ids of calls.</summary>
    public static string CallId(uint call) => $"c_{call}";

    private static ExecutionError Error(ToolFailure failure) => new()
    {
        Code = ErrorCode.ToolError,
        Name = failure.Name,
        Message = failure.Message,
        Data = failure.Code is null ? null : new Dictionary<string, object?> { ["code"] = failure.Code },
    };
}
