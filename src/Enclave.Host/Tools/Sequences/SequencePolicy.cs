using Enclave.Limits;
using Enclave.Runs;

namespace Enclave.Tools.Sequences;

/// <summary>The rules of a host, and the declarations that they use.</summary>
internal sealed class SequencePolicy
{
    private readonly SequencePolicyOptions _options;
    private readonly ToolCollection _tools;
    private readonly TimeProvider _clock;
    private readonly Action<SecurityEvent> _report;
    private readonly bool _judgesHost;

    private SequencePolicy(SequencePolicyOptions options, ToolCollection tools, TimeProvider clock, Action<SecurityEvent> report) =>
        (_options, _tools, _clock, _report, _judgesHost) = (options, tools, clock, report, IsAnyDeclared(tools));

    /// <summary>The rules for runs of a host.</summary>
    /// <param name="given">The operator's rules; null for the level's.</param>
    /// <param name="level">The level of the host.</param>
    public static SequencePolicyOptions Rules(SequencePolicyOptions? given, SecurityLevel level) =>
        given ?? (LevelTable.Of(level).HasSequencePolicy ? SequencePolicyOptions.Strict : SequencePolicyOptions.Off);

    /// <summary>The policy with these rules, or null if there is nothing to check.</summary>
    public static SequencePolicy? For(SequencePolicyOptions rules, ToolCollection tools, TimeProvider clock, Action<SecurityEvent> report)
    {
        if (rules is { ReadThenSend: null, Bulk: null, RapidEnumeration: null, DeleteAfterAccess: null }) return null;
        return new SequencePolicy(rules, tools.Copy(), clock, report);
    }

    /// <summary>True if any tool of the run declares effects.</summary>
    public bool Judges(RunOptions? run) => _judgesHost || (ToolCollection.Of(run) is { } own && IsAnyDeclared(own));

    // A source's tools count as declared, because declared ones may be added later.
    private static bool IsAnyDeclared(ToolCollection tools) => tools.Sources.Count > 0 || tools.Any((tool) => tool.Declaration is not null);

    /// <exception cref="ArgumentException">A tool's declaration is out of its range; the message names key, value and range.</exception>
    public static void Check(OptionFaults wrong, SequencePolicyOptions? rules, ToolCollection tools)
    {
        foreach (ToolDefinition tool in tools) _ = tool.Declaration;
        if (rules is null) return;
        Window(wrong, nameof(rules.ReadThenSend), rules.ReadThenSend);
        Window(wrong, nameof(rules.Bulk), rules.Bulk);
        Window(wrong, nameof(rules.RapidEnumeration), rules.RapidEnumeration);
        Window(wrong, nameof(rules.DeleteAfterAccess), rules.DeleteAfterAccess);
        wrong.Range($"SequencePolicy.{nameof(rules.MaxCallsPerTool)}", rules.MaxCallsPerTool, 1, 1_000_000);
    }

    /// <summary>The declaration of the run's own tool of this name, or else of the host's.</summary>
    public EffectDeclaration? Find(string tool, RunOptions? run)
    {
        if (ToolCollection.Of(run) is { } own && own.TryGet(tool, out ToolDefinition? known)) return known.Declaration;
        return _tools.TryGet(tool, out known) ? known.Declaration : null;
    }

    /// <summary>The time of the host.</summary>
    public DateTimeOffset Now => _clock.GetUtcNow();

    public SequenceHistory Open() => new(_options, _clock);

    public void Report(ExecutionJob job, uint call, string message) => _report(new SecurityEvent
    {
        Kind = SecurityEventKind.ToolSequenceBlocked,
        WorkerId = 0,
        ProcessId = 0,
        JobId = job.Id,
        RunId = job.RunId,
        Tenant = job.Options?.Tenant,
        Detail = $"call {call}: {message}",
    });

    private static void Window(OptionFaults wrong, string rule, TimeSpan? window)
    {
        if (window is { } given && given != Timeout.InfiniteTimeSpan && (given <= TimeSpan.Zero || given > TimeSpan.FromDays(1)))
            wrong.Add($"SequencePolicy.{rule}", $"{given:c}", "above zero up to 1.00:00:00, or InfiniteTimeSpan");
    }
}
