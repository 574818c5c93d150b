using System.Text.Json;
using Enclave.Outcomes;
using Enclave.Protocol;

namespace Enclave.Cli.Batch;

/// <summary>Answers calls from a recording. Each entry is used once; equal calls are answered in recorded order.</summary>
/// <remarks>Concurrent calls have no fixed order, so entries are found by name and arguments.</remarks>
internal sealed class RecordedCalls(JsonElement calls)
{
    private static readonly JsonDocumentOptions s_options = new() { MaxDepth = 128 };

    private readonly List<RecordedCall> _left = [.. calls.EnumerateArray().Select(RecordedCall.Parse)];
    private readonly Lock _gate = new();

    public ValueTask<object?> CallAsync(string name, ScriptValue args, ToolContext context)
    {
        string json = args.ToJsonString();
        // Converted through JSON, like the recording: undefined members are removed, and dates are text.
        using JsonDocument plain = JsonDocument.Parse(json, s_options);
        RecordedCall? call = Take(name, ScriptValue.From(plain.RootElement));
        if (call is null) throw new ToolException($"no recorded call of \"{name}\" with {json} is left") { Code = ToolCode.NotFound };
        return call.Answer.GiveAsync(context.CancellationToken);
    }

    private RecordedCall? Take(string name, ScriptValue args)
    {
        lock (_gate)
        {
            int at = _left.FindIndex((call) => call.Name == name && (call.Args is null || call.Args.Equals(args)));
            if (at < 0) return null;
            RecordedCall call = _left[at];
            if (call.Args is not null) _left.RemoveAt(at);
            return call;
        }
    }
}
