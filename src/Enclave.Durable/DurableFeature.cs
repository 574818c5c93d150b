using Enclave.Audit;
using Enclave.Durable;
using Enclave.Guard;
using Enclave.Journals;
using Enclave.Limits;
using Enclave.Protocol;
using Enclave.Runs;
using Enclave.Tools;

namespace Enclave;

/// <summary>Durable runs (<see cref="RunOptions.Durable"/>).</summary>
internal sealed class DurableFeature : IRunFeature
{
    private const string NoDurableRuns = "a host with a second isolate (EnclaveOptions.DoubleVm) has no durable runs";

    private static readonly (string Name, string? Type)[] s_globals = [.. ScriptWait.Types, (ScriptWait.Args, null)];

    /// <summary>The durable runs of a host.</summary>
    public static DurableRuns RunsOf(HostParts host) => host.Of((parts) => new DurableRuns(Make(parts)));

    public void Check(OptionFaults wrong, EnclaveOptions options, WorkerPoolOptions pool)
    {
        if (options.Durable is not { } durable) return;
        ArgumentNullException.ThrowIfNull(durable.Store);
        ArgumentNullException.ThrowIfNull(durable.Keys);
        wrong.Range("Durable.Grace", durable.Grace, TimeSpan.Zero, TimeSpan.FromHours(1));
        wrong.Range("Durable.Retention", durable.Retention, TimeSpan.Zero, TimeSpan.FromDays(3660));
        wrong.Range("Durable.MaxRunBytes", durable.MaxRunBytes, 64 << 10, 2L * pool.MaxMessageBytes, "bytes; the upper end is twice MaxMessageBytes");
        wrong.Range("Durable.MaxRunsPerTenant", durable.MaxRunsPerTenant, 1, 10_000_000);
        wrong.Range("Durable.MaxBytesPerTenant", durable.MaxBytesPerTenant, 1 << 20, 1L << 50, "bytes");
        wrong.Range("Durable.MaxConversationBytes", durable.MaxConversationBytes, 1 << 10, ConversationStore.MaxBytes, "bytes");
        wrong.Range("Durable.ConversationRetention", durable.ConversationRetention, TimeSpan.FromSeconds(1), TimeSpan.FromDays(3660));
        wrong.Range("Durable.MaxWaking", durable.MaxWaking, 1, 10_000);
        JournalKeys.Check(wrong, "Durable.Keys", durable.Keys);
    }

    /// <summary>Looks for runs that are due, if the host has a store of its own for them.</summary>
    public void Begin(HostParts host)
    {
        if (host.Settings.Options.Durable is not null && host.Tools.Outer is null) RunsOf(host).Open();
    }

    public IReadOnlyList<(string Name, string? Type)> GlobalsOf(RunOptions run) => run.Durable is null ? [] : s_globals;

    public Task<ExecutionResult>? Run(HostParts host, string code, RunOptions run, CancellationToken cancellationToken) =>
        run.Durable is null ? null : RunAsync(host, code, run, cancellationToken);

    private static async Task<ExecutionResult> RunAsync(HostParts host, string code, RunOptions run, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(run.Durable, "options");
        return (await RunsOf(host).RunAsync(code, run, cancellationToken).ConfigureAwait(false)).Result!;
    }

    private static DurableHost Make(HostParts host)
    {
        DurableOptions options = host.Settings.Options.Durable ?? new DurableOptions();
        return new DurableHost
        {
            Options = options,
            Room = new TenantRoom(options),
            Keys = new JournalKeys(options.Keys),
            Refusal = host.Tools.Outer is null ? null : NoDurableRuns,
            MaxRunBytes = options.MaxRunBytes ?? Math.Min(8L << 20, 2L * host.Settings.Sizes.MaxMessageBytes),
            Memory = host.Settings.Memory,
            MaxWaking = options.MaxWaking ?? host.Settings.Sizes.MaxWorkers,
            Clock = new SteadyClock(host.Settings.Options.TimeProvider),
            Log = host.Logger,
            Tools = host.Tools.Registry,
            Watch = new DurableWatch(host.Records.Telemetry.Metrics.Durable, host.Records.Audit),
            Engine = () => host.Workers.Engine.Version,
            WhyNot = (opened) => WhyNot(host, opened),
            Open = (code, run) => Opened(host, code, run),
            Run = (code, options, globals, determinism, hooks, cancellationToken) =>
            {
                host.Pipeline.Check(options);
                return host.Pipeline.RunAsync(PartOf(code, options, globals, determinism, hooks), cancellationToken);
            },
        };
    }

    private static FeatureRun PartOf(string code, RunOptions options, ReadOnlyMemory<byte> globals, JournaledDeterminism determinism, RunHooks hooks)
    {
        Dictionary<string, object?> given = GlobalsEncoder.Decode(globals);
        // The first part of a script that starts over asks for its state as the later parts do.
        if (code.Contains(ScriptWait.StartOver, StringComparison.Ordinal) && given.TryAdd(ScriptWait.Args, ScriptValue.Undefined))
            globals = GlobalsEncoder.EncodeKept(given);
        string[] names = [.. given.Keys, .. RunFeatures.GlobalsOf(options).Select((global) => global.Name).Where((name) => name != ScriptWait.Args)];
        return new FeatureRun(
            code, options, globals.ToArray(), names, determinism, hooks, determinism.IsRehearsal ? AuditedRunKind.Replay : AuditedRunKind.Run);
    }

    private static string? WhyNot(HostParts host, JournalEntry.Opened opened)
    {
        SecurityLevel level = host.Settings.Options.SecurityLevel;
        if (host.Tools.Outer is not null) return NoDurableRuns;
        if (opened.Level != level) return $"it was started at {opened.Level}, and this host is at {level}";
        try
        {
            host.Settings.Libraries.CheckSame(opened.Libraries);
            return null;
        }
        catch (ArgumentException fault)
        {
            return OptionFaults.TextOf(fault);
        }
    }

    /// <summary>Checks a durable run and makes its first entry.</summary>
    private static JournalEntry.Opened Opened(HostParts host, string code, RunOptions run)
    {
        if (host.Tools.Outer is not null) throw new InvalidOperationException(NoDurableRuns);
        host.Pipeline.Check(run);
        return new JournalEntry.Opened
        {
            Code = code,
            Language = run.Language ?? ScriptLanguage.Either,
            SourceName = run.SourceName ?? RunOptions.DefaultSourceName,
            RunId = run.RunId ?? host.Records.Ids.NameOf(host.Records.Ids.NextJob()),
            Level = host.Settings.Options.SecurityLevel,
            Preset = host.Settings.Options.PresetOf(run).ToString(),
            Globals = host.ToolsValue.Keep(code, run, host.Settings.GlobalsOf(run)),
            Limits = host.Settings.Limits.Of(run),
            Libraries = host.Settings.Libraries.All.ToDictionary((library) => library.Name, (library) => library.Sha256, StringComparer.Ordinal),
            Engine = host.Workers.Engine.Version,
            Version = DurableHost.Version,
            Seed = 0,
            Start = host.Settings.Options.TimeProvider.GetUtcNow().ToUnixTimeMilliseconds(),
            Tools = NamedTools.In(code, run, host.Tools.Registry),
            Session = run.Session,
            Conversation = run.Conversation,
        };
    }
}
