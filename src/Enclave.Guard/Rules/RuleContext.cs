using Enclave.Guard.Options;
using Enclave.Guard.Presets;
using Enclave.Guard.Transforms;
using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Scopes;
using Enclave.JavaScript.Text;

namespace Enclave.Guard.Rules;

/// <summary>What rules know about one program, and where they report.</summary>
internal sealed class RuleContext(string source, Program program, ScopeTree scopes, GuardPolicy policy, WorkMeter? meter)
{
    private const int MaxPatterns = 500;

    private readonly List<Finding> _findings = [];
    private Node[] _ancestors = new Node[64];
    private int _depth;
    private LineMap? _lines;
    private int _errors;
    private int _others;
    private int _patterns;

    public string Source => source;

    public Program Program => program;

    public ScopeTree Scopes => scopes;

    public GuardPolicy Policy => policy;

    /// <summary>Bounds the time; null for none.</summary>
    public WorkMeter? Meter => meter;

    /// <summary>What names stand for.</summary>
    public Aliases Names { get; } = new(program, scopes);

    /// <summary>What keys may be when the program runs.</summary>
    public StaticKey Keys => field ??= new StaticKey(Names);

    /// <summary>Texts that stand in the program, under names of constants too.</summary>
    public ConstantText Constants => field ??= new ConstantText(program, scopes);

    /// <summary>A node around the one that is visited: the nearest is number 0.</summary>
    public Node? Ancestor(int number) => number < _depth ? _ancestors[_depth - 1 - number] : null;

    /// <summary>The node that the visited one is part of.</summary>
    public Node? Parent => Ancestor(0);

    /// <summary>Whether one more report of a code would be kept. Whoever reports without asking is counted all the same.</summary>
    public bool HasRoom(IGuardRule rule, RuleCode code) => (SeverityOf(rule, code) == IssueSeverity.Error ? _errors : _others) < policy.MaxIssues;

    /// <summary>Whether one more pattern that is no literal may be analysed. The engine bounds what the rest of them do.</summary>
    public bool TakePattern() => ++_patterns <= MaxPatterns;

    public void Enter(Node node)
    {
        if (_depth == _ancestors.Length) Array.Resize(ref _ancestors, _depth * 2);
        _ancestors[_depth++] = node;
    }

    public void Leave() => _depth--;

    /// <summary>Reports an offence at a node.</summary>
    public void Report(IGuardRule rule, RuleCode code, Node at, string message, string? hint = null, params ReadOnlySpan<(string Key, object Value)> data) =>
        Report(rule, code, (at.Start, at.End), message, hint, data);

    /// <summary>Reports an offence at a stretch of the source; (-1, -1) for the whole of it.</summary>
    public void Report(
        IGuardRule rule, RuleCode code, (int Start, int End) at, string message, string? hint = null, params ReadOnlySpan<(string Key, object Value)> data)
    {
        IssueSeverity severity = SeverityOf(rule, code);
        // Counted apart: a hundred warnings must not hide the error behind them.
        ref int count = ref severity == IssueSeverity.Error ? ref _errors : ref _others;
        if (++count > policy.MaxIssues) return;
        var issue = new GuardIssue(rule.About.Name, code.Code, message, severity)
        {
            Location = at.Start < 0 ? null : Locate(at.Start, at.End),
            Hint = hint ?? rule.About.Hint,
            Data = ToDictionary(data),
        };
        _findings.Add(new Finding(issue, policy.Rules.IndexOf(rule), _findings.Count));
    }

    /// <summary>All issues by place, then by severity, then in the order of the policy's rules; the policy's number of them, errors before the rest where there are more.</summary>
    public ImmutableArray<GuardIssue> Issues()
    {
        if (_findings.Count == 0) return [];
        IEnumerable<Finding> kept = _findings.Count <= policy.MaxIssues
            ? _findings
            : _findings.OrderBy((finding) => finding.Issue.Severity).Take(policy.MaxIssues);
        return
        [
            .. kept.OrderBy((finding) => finding.Issue.Location?.Offset ?? int.MaxValue)
                .ThenBy((finding) => finding.Issue.Severity).ThenBy((finding) => finding.Rank).ThenBy((finding) => finding.Number)
                .Select((finding) => finding.Issue),
        ];
    }

    private static ImmutableDictionary<string, object> ToDictionary(ReadOnlySpan<(string Key, object Value)> data)
    {
        ImmutableDictionary<string, object> all = ImmutableDictionary<string, object>.Empty;
        foreach ((string key, object value) in data) all = all.SetItem(key, value);
        return all;
    }

    private IssueSeverity SeverityOf(IGuardRule rule, RuleCode code) =>
        policy.Severities.TryGetValue(rule.About.Name, out RuleSeverity? own) ? own.Severity : code.Severity;

    private SourceLocation Locate(int start, int end)
    {
        _lines ??= new LineMap(source);
        (SourcePosition first, SourcePosition last) = (_lines.At(start), _lines.At(end));
        return new SourceLocation(start, end - start, first.Line, first.Column, last.Line, last.Column);
    }

    private readonly record struct Finding(GuardIssue Issue, int Rank, int Number);
}
