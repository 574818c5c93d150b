using Enclave.Guard.Issues;
using Enclave.Guard.Options;
using Enclave.Guard.PreScan;
using Enclave.Guard.Presets;
using Enclave.Guard.Rules;
using Enclave.Guard.Tracing;
using Enclave.Guard.Transforms;
using Enclave.JavaScript;
using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Parsing;
using Enclave.JavaScript.Printing;
using Enclave.JavaScript.Scopes;
using Enclave.JavaScript.Text;

namespace Enclave.Guard;

/// <summary>Checks and prepares scripts before they run: pre-scan, parse, rules, transform, print. Thread-safe.</summary>
/// <param name="settings">The settings.</param>
internal sealed class ScriptGuard(GuardSettings settings)
{
    private readonly GuardCache _cache = new(settings.CacheBytes);
    private readonly PolicySet _policies = new(settings);

    /// <summary>Checks a script and makes the text that runs.</summary>
    /// <param name="source">The user's text.</param>
    /// <param name="globals">Names of the globals that the host gives to this run.</param>
    /// <param name="tenant">The script's tenant. Null counts as one tenant.</param>
    /// <param name="language">The language of the text.</param>
    /// <param name="cancellationToken">Ends the work at any point.</param>
    /// <exception cref="OperationCanceledException">The token is cancelled.</exception>
    public ValidationResult Examine(
        string source, IReadOnlyCollection<string> globals, string? tenant = null, SourceLanguage language = SourceLanguage.Either,
        CancellationToken cancellationToken = default)
    {
        GuardPolicy policy = _policies.For(globals, tenant);
        GuardCache.Key key = GuardCache.Key.Of(source, policy, tenant, language);
        if (_cache.TryGet(key, out ValidationResult? known)) return known!;
        ValidationResult verdict = Accept(source, policy, globals, language, cancellationToken);
        if (verdict.IsAccepted) _cache.Add(key, verdict);
        return verdict;
    }

    /// <summary>Checks a script without preparing it.</summary>
    /// <inheritdoc cref="Examine"/>
    public ValidationResult Validate(
        string source, IReadOnlyCollection<string> globals, string? tenant = null, SourceLanguage language = SourceLanguage.Either,
        CancellationToken cancellationToken = default)
    {
        try
        {
            Judgement judgement = Judge(source, _policies.For(globals, tenant), globals, language, Meter(source, cancellationToken));
            return new ValidationResult(judgement.Program is not null, judgement.Issues);
        }
        catch (InsufficientExecutionStackException)
        {
            return new ValidationResult(false, [TooDeep()]);
        }
        catch (WorkLimitException reached)
        {
            return new ValidationResult(false, [TooMuchWork(reached.Limit)]);
        }
    }

    /// <summary>The same script as a program that reports its steps; null if it cannot be traced.</summary>
    /// <param name="script">The accepted script.</param>
    /// <param name="window">The steps that it reports.</param>
    public TracedScript? Trace(GuardedScript script, TraceWindow window)
    {
        try
        {
            WorkMeter meter = Meter(script.Source, CancellationToken.None);
            if (TraceTransform.Transform(script.Program, ScopeAnalysis.Analyze(script.Program, meter), window, meter) is not { } traced) return null;
            Program runs = ProgramTransform.Transform(traced.Program, ScopeAnalysis.Analyze(traced.Program, meter), settings.Keys, meter);
            var program = new GuardedScript(
                script.Source, script.Program, Printer.PrintWithMap(runs, script.Source, PrinterOptions.Compact, meter), script.Tools)
            {
                Hints = script.Hints,
                UsesTools = script.UsesTools,
            };
            return new TracedScript(program.Within(TraceFunctions.Text(window), ""), traced.Statements);
        }
        catch (Exception fault) when (fault is InsufficientExecutionStackException or WorkLimitException)
        {
            // The examination was within its limit, but with the code of the trace it is not.
            return null;
        }
    }

    private WorkMeter Meter(string source, CancellationToken cancellationToken) => new(settings.CpuLimit(source.Length), settings.CpuTime, cancellationToken);

    private ValidationResult Accept(
        string source, GuardPolicy policy, IReadOnlyCollection<string> globals, SourceLanguage language, CancellationToken cancellationToken)
    {
        try
        {
            WorkMeter meter = Meter(source, cancellationToken);
            Judgement judgement = Judge(source, policy, globals, language, meter);
            GuardedScript? script = judgement is { Program: { } program, Scopes: { } scopes } ? Transformed(source, program, scopes, judgement, meter) : null;
            return new ValidationResult(script is not null, judgement.Issues) { Script = script };
        }
        catch (InsufficientExecutionStackException)
        {
            return new ValidationResult(false, [TooDeep()]);
        }
        catch (WorkLimitException reached)
        {
            return new ValidationResult(false, [TooMuchWork(reached.Limit)]);
        }
    }

    /// <summary>The issues of a script and, if it may run, its tree and scopes.</summary>
    private readonly record struct Judgement(
        ImmutableArray<GuardIssue> Issues, Program? Program = null, ScopeTree? Scopes = null, bool UsesTools = false);

    private Judgement Judge(string source, GuardPolicy policy, IReadOnlyCollection<string> globals, SourceLanguage language, WorkMeter meter)
    {
        ImmutableArray<GuardIssue> issues = [];
        if (settings.Checks == StaticChecks.On)
        {
            PreScanResult scanned = PreScanner.Scan(source, settings.PreScan);
            issues = [.. scanned.Issues];
            if (scanned.Fatal is { } fatal && !PreScanner.MayBeParsed(fatal)) return new Judgement(issues);
        }

        meter.CheckLimits();
        ParseResult parsed = Parser.Parse(source, policy.Parsing with { Language = language }, meter);
        if (!parsed.Success)
        {
            ImmutableArray<GuardIssue> why = settings.Checks == StaticChecks.On
                ? Validator.Unparsable(source, parsed, policy, meter)
                : [.. parsed.Errors.Select((error) => ParseIssue.Of(error, source))];
            issues = [.. issues, .. why];
        }

        // The rules judge the rest of a program with uncompiled TypeScript too, so that one report names everything.
        if (parsed.Program is not { } program) return new Judgement(Report(issues, policy));

        ScopeTree scopes = ScopeAnalysis.Analyze(program, meter);
        if (language == SourceLanguage.Either && TypeArguments.Read(source, parsed, scopes, policy, meter) is var (typed, itsScopes))
            (parsed, program, scopes) = (typed, typed.Program!, itsScopes);
        if (settings.Checks == StaticChecks.On && parsed.Language == SourceLanguage.TypeScript)
        {
            ImmutableArray<GuardIssue> patterns = TypedPatterns.Examine(source, program, settings.PreScan);
            issues = [.. issues.Where((issue) => !PreScanner.IsOfPattern(issue)), .. patterns];
        }

        bool usesTools = false;
        // A host's global of this name belongs to the host.
        if (!globals.Contains(ToolNamespaces.Root) && !settings.Options.ProvidedGlobals.Contains(ToolNamespaces.Root))
        {
            Program rewritten = ToolNamespaces.Rewrite(program, scopes);
            if (!ReferenceEquals(rewritten, program)) (program, scopes) = (rewritten, ScopeAnalysis.Analyze(rewritten, meter));
            usesTools = scopes.Free.Any((reference) => reference.Identifier.Name == ToolNamespaces.Root);
        }

        if (settings.Checks == StaticChecks.On)
        {
            ImmutableArray<GuardIssue> found = Validator.Judge(source, program, scopes, policy, meter);
            if (!found.IsEmpty) issues = [.. issues, .. found];
            issues = Report(issues, policy);
        }

        if (HasError(issues)) return new Judgement(issues);
        meter.CheckLimits();
        if (ProgramTransform.FindReserved(scopes) is { } reserved) return new Judgement([.. issues, ReservedName(source, reserved)]);
        return new Judgement(issues, program, scopes, usesTools);
    }

    /// <summary>The issues of all stages in the order of the text. If there are more than the policy keeps, errors come first.</summary>
    private static ImmutableArray<GuardIssue> Report(ImmutableArray<GuardIssue> issues, GuardPolicy policy)
    {
        // A rule may repeat what the pre-scan reported for a regular expression: drop the repeat, unless it is more severe.
        ILookup<int?, IssueSeverity> scanned = issues.Where((issue) => issue.Rule == PreScanner.Rule)
            .ToLookup((issue) => issue.Location?.Offset, (issue) => issue.Severity);
        IEnumerable<GuardIssue> kept = issues.Where((issue) =>
            (issue.Rule != NoRegexLiteralRule.Description.Name && issue.Rule != NoRegexMethodsRule.Description.Name)
            || !scanned[issue.Location?.Offset].Any((said) => said <= issue.Severity));
        return [.. kept.OrderBy((issue) => issue.Severity).Take(policy.MaxIssues).OrderBy((issue) => issue.Location?.Offset ?? int.MaxValue)];
    }

    private static bool HasError(ImmutableArray<GuardIssue> issues)
    {
        foreach (GuardIssue issue in issues)
        {
            if (issue.Severity == IssueSeverity.Error) return true;
        }

        return false;
    }

    private GuardedScript Transformed(string source, Program program, ScopeTree scopes, Judgement judgement, WorkMeter meter)
    {
        Program runs = ProgramTransform.Transform(program, scopes, settings.Keys, meter);
        ImmutableArray<string> tools = ToolNameList.Of(program, scopes, meter);
        var script = new GuardedScript(source, program, Printer.PrintWithMap(runs, source, PrinterOptions.Compact, meter), tools)
        {
            Hints = HintsIn(judgement.Issues),
            UsesTools = judgement.UsesTools,
            MayLose = MayLose(source, scopes),
        };
        return script.Tools.IsEmpty && !script.MayLose ? script : script.WithScopes(scopes);
    }

    /// <summary>True for a script whose text may lose a promise or a value. Such a script needs a further check.</summary>
    private static bool MayLose(string source, ScopeTree scopes) =>
        source.Contains("async", StringComparison.Ordinal) || source.Contains("=> {", StringComparison.Ordinal)
        || source.Contains("return\n", StringComparison.Ordinal)
        || scopes.Free.Any((use) => use.Identifier.Name is var name
            && (name is "fetch" or "crypto" or "Promise" or "setTimeout" or "parallel" || RunGlobals.All.Contains(name)));

    private static ImmutableDictionary<string, string> HintsIn(ImmutableArray<GuardIssue> remarks)
    {
        ImmutableDictionary<string, string> hints = ImmutableDictionary<string, string>.Empty;
        foreach (GuardIssue remark in remarks)
        {
            bool isName = remark.Rule == UnknownGlobalRule.Description.Name && remark.Hint is not null;
            if (isName && remark.Data.TryGetValue("identifier", out object? name)) hints = hints.SetItem((string)name, remark.Hint!);
        }

        return hints;
    }

    private static GuardIssue TooDeep() => new(
        "parser", ParseIssue.Code, "The script is nested deeper than the stack of this thread allows", IssueSeverity.Error)
    {
        Hint = "Give parts of the expression a name, and nest less.",
    };

    private static GuardIssue TooMuchWork(TimeSpan limit) => new(
        "guard", "GUARD_CPU_LIMIT",
        $"The script takes more than {limit.TotalMilliseconds:0} ms of CPU time to examine, which is the limit for its length at this level",
        IssueSeverity.Error)
    {
        Hint = "Pass large data as an argument or through a tool, and divide the program.",
        Data = ImmutableDictionary<string, object>.Empty.Add("reason", "cpuTime").Add("limitMilliseconds", (long)limit.TotalMilliseconds),
    };

    private static GuardIssue ReservedName(string source, Identifier name) => new(
        "reserved-prefix", "RESERVED_PREFIX", $"Names that begin with '{HiddenNames.Prefix}' are reserved: '{name.Name}'", IssueSeverity.Error)
    {
        Location = new SourcePlaces(source).Of(name),
        Hint = "Use another name.",
    };
}
