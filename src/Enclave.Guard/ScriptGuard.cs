using Enclave.Guard.PreScan;
using Enclave.Guard.Presets;
using Enclave.Guard.Rules;
using Enclave.Guard.Scoring;
using Enclave.Guard.Transforms;
using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Parsing;
using Enclave.JavaScript.Printing;
using Enclave.JavaScript.Scopes;

namespace Enclave.Guard;

/// <summary>Reads scripts before they run: pre-scan, parse, rules, transform, print. Safe for use from any number of threads.</summary>
/// <param name="settings">What is judged, and how.</param>
internal sealed class ScriptGuard(GuardSettings settings)
{
    private readonly GuardCache _cache = new(settings.CacheBytes);
    private readonly PolicySet _policies = new(settings);

    /// <summary>Judges a script and makes what runs of it.</summary>
    /// <param name="source">The user's text.</param>
    /// <param name="globals">Names of the globals the host gives to this run.</param>
    public GuardVerdict Examine(string source, IReadOnlyCollection<string> globals)
    {
        GuardPolicy policy = _policies.For(globals);
        GuardCache.Key key = GuardCache.Key.Of(source, policy);
        if (_cache.TryGet(key, out GuardVerdict? known)) return known!;
        GuardVerdict verdict = Accept(source, policy);
        if (verdict.IsAccepted) _cache.Add(key, verdict);
        return verdict;
    }

    /// <summary>Judges a script.</summary>
    /// <inheritdoc cref="Examine"/>
    public ValidationResult Validate(string source, IReadOnlyCollection<string> globals)
    {
        try
        {
            Judgement judgement = Judge(source, _policies.For(globals));
            return new ValidationResult(judgement.Program is not null, judgement.Issues);
        }
        catch (InsufficientExecutionStackException)
        {
            return new ValidationResult(false, [TooDeep()]);
        }
    }

    private GuardVerdict Accept(string source, GuardPolicy policy)
    {
        try
        {
            Judgement judgement = Judge(source, policy);
            GuardedScript? script = judgement is { Program: { } program, Scopes: { } scopes } ? Transformed(source, program, scopes) : null;
            return new GuardVerdict(script, judgement.Issues);
        }
        catch (InsufficientExecutionStackException)
        {
            return new GuardVerdict(null, [TooDeep()]);
        }
    }

    /// <summary>What was found, and, unless it keeps the script from running, its tree and scopes.</summary>
    private readonly record struct Judgement(ImmutableArray<GuardIssue> Issues, Program? Program = null, ScopeTree? Scopes = null);

    private Judgement Judge(string source, GuardPolicy policy)
    {
        ImmutableArray<GuardIssue> issues = [];
        if (settings.Checks == StaticChecks.On)
        {
            PreScanResult scanned = PreScanner.Scan(source, settings.PreScan);
            issues = [.. scanned.Issues];
            if (scanned.Fatal is not null) return new Judgement(issues);
        }

        ParseResult parsed = Parser.Parse(source, policy.Parsing);
        if (!parsed.Success)
        {
            ImmutableArray<GuardIssue> why = settings.Checks == StaticChecks.On ? Validator.Unparsable(source, parsed.Error, policy) : [ParseIssue.Of(parsed.Error, source)];
            return new Judgement([.. issues, .. why]);
        }

        ScopeTree scopes = ScopeAnalysis.Analyze(parsed.Program);
        if (settings.Checks == StaticChecks.On)
        {
            ImmutableArray<GuardIssue> found = [.. Validator.Judge(source, parsed.Program, scopes, policy).Issues];
            if (!found.IsEmpty) issues = [.. issues, .. found];
            if (HasError(found)) return new Judgement(issues);
        }

        if (ProgramTransform.FindReserved(scopes) is { } reserved) return new Judgement([.. issues, ReservedName(source, reserved)]);
        return new Judgement(issues, parsed.Program, scopes);
    }

    private static bool HasError(ImmutableArray<GuardIssue> issues)
    {
        foreach (GuardIssue issue in issues)
        {
            if (issue.Severity == IssueSeverity.Error) return true;
        }

        return false;
    }

    private GuardedScript Transformed(string source, Program program, ScopeTree scopes)
    {
        KeyGuard keys = settings.Level == GuardLevel.Permissive ? KeyGuard.Off : KeyGuard.On;
        Program runs = ProgramTransform.Transform(program, scopes, keys);
        return new GuardedScript(source, program, Printer.PrintWithMap(runs, source), ToolNameList.Of(program, scopes));
    }

    private static GuardIssue TooDeep() => new("parser", "PARSE_ERROR", "The script is nested deeper than the stack of this thread allows", IssueSeverity.Error)
    {
        Hint = "Give parts of the expression a name, and nest less.",
    };

    private static GuardIssue ReservedName(string source, Identifier name) => new("reserved-prefix", "RESERVED_PREFIX", $"Names that begin with '{HiddenNames.Prefix}' are reserved: '{name.Name}'", IssueSeverity.Error)
    {
        Location = new SourcePlaces(source).Of(name),
        Hint = "Use another name.",
    };
}
