using Enclave.Protocol.Messages;

namespace Enclave.Worker.Engine;

/// <summary>One V8 isolate and its job.</summary>
internal sealed unsafe class V8Isolate(nint handle) : IScriptIsolate
{
    private nint _handle = handle;

    public ScriptStep Run(in ExecuteMessage job)
    {
        NativeEngine.Outcome outcome;
        ReadOnlySpan<byte> source = job.Source.Span, name = job.SourceName.Span, globals = job.Globals.Span;
        Span<byte> key = stackalloc byte[CodeKey.Bytes];
        job.Key.CopyTo(key);
        fixed (byte* sourceAt = source, nameAt = name, globalsAt = globals, keyAt = key)
        {
            var native = new NativeEngine.Job
            {
                Source = sourceAt,
                SourceLength = (nuint)source.Length,
                SourceName = nameAt,
                SourceNameLength = (nuint)name.Length,
                CodeKey = job.Key.IsNone ? null : keyAt,
                Globals = globalsAt,
                GlobalsLength = (nuint)globals.Length,
                MaxValueBytes = (ulong)job.Limits.MaxValueBytes,
                MaxConsoleBytes = (ulong)job.Limits.MaxConsoleBytes,
                MaxValueDepth = (uint)job.Limits.MaxValueDepth,
                MaxValueProperties = (uint)job.Limits.MaxValueProperties,
                MaxIterations = (ulong)job.Limits.MaxIterations,
                MaxTotalIterations = (ulong)job.Limits.MaxTotalIterations,
                Repeatable = job.Origin.IsRepeatable ? 1 : 0,
                Seed = job.Origin.Seed,
                Now = job.Origin.Milliseconds,
            };
            NativeEngine.ee_run(_handle, &native, &outcome);
        }

        return Step(outcome);
    }

    public void SetTime(long milliseconds) => NativeEngine.ee_set_time(_handle, milliseconds);

    public ScriptStep Resolve(uint callId, ReadOnlySpan<byte> value)
    {
        NativeEngine.Outcome outcome;
        fixed (byte* at = value) NativeEngine.ee_resolve(_handle, callId, at, (nuint)value.Length, &outcome);
        return Step(outcome);
    }

    public ScriptStep Reject(uint callId, ReadOnlySpan<byte> error)
    {
        NativeEngine.Outcome outcome;
        fixed (byte* at = error) NativeEngine.ee_reject(_handle, callId, at, (nuint)error.Length, &outcome);
        return Step(outcome);
    }

    public void Terminate(StopReason reason) => NativeEngine.ee_terminate(_handle, (int)reason);

    public void Dispose()
    {
        nint handle = Interlocked.Exchange(ref _handle, 0);
        if (handle != 0) NativeEngine.ee_drop(handle);
    }

    private static ScriptStep Step(NativeEngine.Outcome outcome) => new()
    {
        Status = (RunStatus)outcome.Status,
        Reason = (StopReason)outcome.Reason,
        Iterations = (long)Math.Min(outcome.Iterations, long.MaxValue),
        Where = (long)Math.Min(outcome.Where, int.MaxValue),
        Body = new ReadOnlySpan<byte>(outcome.Body, (int)outcome.BodyLength),
    };
}
