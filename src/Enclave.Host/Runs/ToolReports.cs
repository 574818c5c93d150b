using System.Collections.Immutable;
using Enclave.Linux;
using Enclave.Protocol;

namespace Enclave.Runs;

/// <summary>The reports of one call's tool before its answer. Later ones are ignored.</summary>
internal sealed class ToolReports(ExecutionJob job, uint call)
{
    private readonly Lock _gate = new();
    private readonly long _start = Clock.Microseconds;
    private bool _closed;

    public void Progress(string? message, double? fraction, long? bytes, long? totalBytes)
    {
        lock (_gate)
        {
            if (_closed || job.IsSettled) return;
            job.Tell(new ToolProgressEvent
            {
                Call = call,
                Elapsed = Clock.Time(Clock.Microseconds - _start),
                Message = message,
                Fraction = fraction,
                Bytes = bytes,
                TotalBytes = totalBytes,
            });
        }
    }

    public void Partial(ImmutableArray<string> path, ScriptValue data)
    {
        lock (_gate)
        {
            if (_closed || job.IsSettled) return;
            job.Tell(new PartialResultEvent { Call = call, Path = path, Data = data });
        }
    }

    /// <summary>Ends the reports: the call is answered.</summary>
    public void Close()
    {
        lock (_gate) _closed = true;
    }
}
