using System.Security.Cryptography;
using System.Text;
using Enclave.Guard.Issues;
using Enclave.Guard.Transforms;
using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Scopes;
using Enclave.JavaScript.Text;

namespace Enclave.Guard.Scoring;

/// <summary>Extracts the features of a script: one walk, then queries on its notes. Time is linear in the text.</summary>
internal sealed class FeatureExtractor
{
    private readonly WorkMeter? _meter;
    private readonly Bindings _bindings;
    private readonly ToolResults _results;
    private readonly LoopDepths _depths;
    private readonly SourcePlaces _places;
    private readonly SensitiveFieldSet _sensitive;
    private readonly ReadingBudget _budget = new();
    private readonly List<ToolCallSite> _sites;
    private readonly HashSet<string> _looped = new(StringComparer.Ordinal);
    private double _maxLimit;
    private SourceLocation? _limitLocation;
    private int _maxNesting;
    private int _longestString;
    private int _bulkCalls;
    private bool _overToolResult;

    private FeatureExtractor(string source, Program program, WorkMeter? meter)
    {
        _meter = meter;
        ScopeTree scopes = ScopeAnalysis.Analyze(program, meter);
        var walk = new ScriptWalk(program, meter);
        _bindings = new Bindings(scopes, walk);
        _sites = new ToolCallSites(scopes, walk, _bindings).Find();
        _results = new ToolResults(_sites, _bindings);
        _depths = new LoopDepths(_results);
        _places = new SourcePlaces(source);
        _sensitive = new SensitiveFieldSet(_places);
        if (_sites.Count > 0) Link(walk);
    }

    /// <summary>Extracts the features of a script and its tree.</summary>
    /// <exception cref="WorkLimitException">Thrown by the meter: reading exceeds the CPU limit.</exception>
    /// <exception cref="OperationCanceledException">Thrown by the meter: the caller no longer waits.</exception>
    public static ScriptFeatures Extract(string source, Program program, WorkMeter? meter) => new FeatureExtractor(source, program, meter).Extract(source);

    private ScriptFeatures Extract(string source)
    {
        ImmutableArray<ToolCallFeatures> calls = [.. _sites.Select(Read)];
        ImmutableArray<string> sequence = [.. calls.Where((call) => call.ToolName is not null).Select((call) => call.ToolName!)];
        return new ScriptFeatures
        {
            ToolCalls = calls,
            ToolsInLoops = [.. _looped],
            ToolSequence = sequence,
            UniqueTools = sequence.Distinct(StringComparer.Ordinal).Count(),
            MaxLoopNesting = _maxNesting,
            IteratesOverToolResults = _overToolResult,
            MaxLimit = _maxLimit,
            LimitLocation = _limitLocation,
            MaxStringLength = _longestString,
            ToolCallDensity = (double)calls.Length / _places.LineCount,
            FanOutRisk = FanOut(calls.Length),
            SensitiveFields = _sensitive.Fields,
            LineCount = _places.LineCount,
            IsWhole = !_budget.IsExhausted,
            CodeHash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(source))),
        };
    }

    private void Link(ScriptWalk walk)
    {
        foreach ((Node name, (CallExpression _, Region from)) in walk.NamedCalls)
            _bindings.FunctionOf((Identifier)name)?.Add(new Entry(from, null, Repeats: false));
        foreach ((Node callback, Entry entry) in walk.Callbacks)
        {
            if (callback is Identifier name) _bindings.FunctionOf(name)?.Add(entry);
        }

        // Judge outer regions first: a region's answer then depends on finished answers, not on a long chain of open ones.
        foreach (Region region in walk.Regions)
        {
            _meter?.Step();
            _depths.Of(region);
        }
    }

    private ToolCallFeatures Read(ToolCallSite site)
    {
        _meter?.Step();
        Nesting nesting = _depths.Of(site.Region);
        var call = site.Node as CallExpression;
        string? name = call is { Arguments: [{ } first, ..] } ? StaticText(first) : null;
        if (nesting.Depth > 0) _looped.Add(name ?? ToolNames.Dynamic);
        if (name is not null && ToolNames.IsBulk(name)) _bulkCalls++;
        _maxNesting = Math.Max(_maxNesting, nesting.Depth);
        _overToolResult |= nesting.OverToolResult;

        var reader = new ArgumentReader(_bindings, _results, _sensitive, _budget, _meter);
        for (int i = 1; i < call?.Arguments.Length; i++) reader.Read(call.Arguments[i]);
        _longestString = Math.Max(_longestString, reader.LongestString);
        SourceLocation location = _places.Of(site.Node);
        if (reader.LargestLimit > _maxLimit) (_maxLimit, _limitLocation) = (reader.LargestLimit, location);
        return new ToolCallFeatures
        {
            ToolName = name,
            ArgumentKeys = reader.Keys,
            StringLiterals = reader.Strings,
            NumericLiterals = reader.Numbers,
            LoopDepth = nesting.Depth,
            Location = location,
            IsUnfiltered = call is not null && IsEmpty(call.Arguments),
            HasWildcard = reader.HasWildcard,
            LargestNumber = reader.LargestNumber,
        };
    }

    private string? StaticText(Expression name)
    {
        // Follows at most four names in a row; real scripts need no more.
        for (int i = 0; i < 4 && name is Identifier alias && _bindings.ValueOf(alias) is { } value; i++) name = value;
        string? whole = name switch
        {
            StringLiteral text => text.Value,
            TemplateLiteral { Expressions.IsEmpty: true } text => text.Quasis[0].Cooked,
            _ => null,
        };
        // No tool has a longer name, and one text may stand for the names in all calls.
        return whole is { Length: > ConstantText.MaxLength } ? null : whole;
    }

    private bool IsEmpty(ImmutableArray<Expression> arguments)
    {
        if (arguments.Length < 2) return arguments is not [SpreadElement];
        Expression given = arguments[1] is Identifier name && _bindings.ValueOf(name) is { } value ? value : arguments[1];
        return given is ObjectExpression { Properties.IsEmpty: true } or NullLiteral or Identifier { Name: "undefined" };
    }

    private int FanOut(int calls)
    {
        long risk = (15L * _looped.Count) + (10L * _maxNesting) + (3L * Math.Max(0, calls - 5)) + (15L * _bulkCalls);
        return (int)Math.Min(100, risk);
    }
}
