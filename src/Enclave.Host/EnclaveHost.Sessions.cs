using Enclave.Queues;
using Enclave.Runs;

namespace Enclave;

/// <content>Runs for sessions.</content>
public sealed partial class EnclaveHost
{
    /// <summary>The extra time of a session's run: the session ends first, with its own error.</summary>
    private static readonly TimeSpan s_afterTtl = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    public ExecutionSession OpenSession(string code, EnclaveSessionOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(code);
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);
        options ??= new EnclaveSessionOptions();
        OptionsCheck.Check(options, _parts.Settings.Sizes);
        RefuseDurable(options.Run);
        RunOptions run = OfSession(options);
        var session = new ExecutionSession(options with { Run = run }, _parts.Settings.Options.TimeProvider, _parts.Workers.PositionOf);
        session.Start((hooks, left) => RunAsync(code, run, hooks, left), _parts.Tools.Registry);
        return session;
    }

    /// <inheritdoc/>
    public QueueVerdict CheckQueueRoom(string? tenant, QueueAhead ahead) => _parts.Workers.CheckRoom(tenant, ahead);

    private RunOptions OfSession(EnclaveSessionOptions options)
    {
        RunOptions run = options.Run ?? new RunOptions();
        var limits = RunOptions.Of(_parts.Settings.Limits.Of(run));
        run = run with
        {
            // A session that ends before its run begins has a result too, and the result needs a run id.
            RunId = run.RunId ?? _parts.Records.Ids.NameOf(_parts.Records.Ids.NextJob()),
            Timeout = run.Timeout ?? (options.Ttl < TimeSpan.FromDays(1) - s_afterTtl ? options.Ttl + s_afterTtl : options.Ttl),
        };
        return run.Over(limits).Within(new LimitOptions(options));
    }
}
