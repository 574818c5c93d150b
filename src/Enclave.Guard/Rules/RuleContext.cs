using Enclave.Guard.Options;
using Enclave.Guard.Transforms;
using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Scopes;
using Enclave.JavaScript.Text;

namespace Enclave.Guard.Rules;

/// <summary>A rule's view of one program, and the place where it reports issues.</summary>
internal sealed class RuleContext(string source, Program program, ScopeTree scopes, GuardPolicy policy, WorkMeter? meter)
{
    /// <summary>The most patterns of a script that are not literals and are analysed.</summary>
    public const int MaxPatterns = 500;

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

    /// <summary>Bounds the CPU time; null for no bound.</summary>
    public WorkMeter? Meter => meter;

    /// <summary>The values behind names.</summary>
    public Aliases Names { get; } = new(program, scopes);

    /// <summary>The values that keys may have at run time.</summary>
    public StaticKey Keys => field ??= new StaticKey(Names);

    /// <summary>Texts of the program, also those behind names of constants.</summary>
    public ConstantText Constants => field ??= new ConstantText(program, scopes);

    /// <summary>An ancestor of the visited node; 0 is its parent.</summary>
    public Node? Ancestor(int number) => number < _depth ? _ancestors[_depth - 1 - number] : null;

    /// <summary>The parent of the visited node.</summary>
    public Node? Parent => Ancestor(0);

    /// <summary>True if another report of this code would be kept. A rule may report without asking: the report still counts.</summary>
    public bool HasRoom(IGuardRule rule, RuleCode code) => (SeverityOf(rule, code) == IssueSeverity.Error ? _errors : _others) < policy.MaxIssues;

    /// <summary>True if another pattern that is not a literal may be analysed. A rule refuses further patterns.</summary>
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

    /// <summary>Reports an offence at a range of the source; (-1, -1) for the whole source.</summary>
    public void Report(
        IGuardRule rule, RuleCode code, (int Start, int End) at, string message, string? hint = null, params ReadOnlySpan<(string Key, object Value)> data)
    {
        IssueSeverity severity = SeverityOf(rule, code);
        // Counted separately: a hundred warnings must not hide the error behind them.
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

    /// <summary>All issues sorted by place, severity and the order of the policy's rules. If there are more than the policy keeps, errors come first.</summary>
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
