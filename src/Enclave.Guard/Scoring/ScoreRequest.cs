using Enclave.Guard.Scoring;
using Enclave.JavaScript;
using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Parsing;
using Enclave.JavaScript.Text;

namespace Enclave.Guard;

/// <summary>A script to score.</summary>
public sealed class ScoreRequest
{
    private static readonly ParserOptions s_language = new()
    {
        TopLevel = TopLevel.Return | TopLevel.Await,
        Edition = LanguageEdition.Latest,
    };

    private readonly Lazy<Reading> _reading;
    private volatile bool _isUnread;

    /// <summary>Creates a request for a script that is not parsed yet.</summary>
    /// <param name="code">The script.</param>
    /// <param name="tools">Names of the tools it may call; null for none.</param>
    public ScoreRequest(string code, IReadOnlyCollection<string>? tools = null)
        : this(code, SourceLanguage.Either, tools)
    {
    }

    /// <summary>Creates a request for a script of a known language that is not parsed yet.</summary>
    /// <param name="code">The script.</param>
    /// <param name="language">Its language.</param>
    /// <param name="tools">Names of the tools it may call; null for none.</param>
    internal ScoreRequest(string code, SourceLanguage language, IReadOnlyCollection<string>? tools = null)
    {
        ArgumentNullException.ThrowIfNull(code);
        Code = code;
        Tools = tools ?? [];
        _reading = new(() => Read(code, language));
    }

    /// <summary>Creates a request for a parsed script, so that it is not parsed twice.</summary>
    /// <param name="code">The script.</param>
    /// <param name="program">Its tree.</param>
    /// <param name="tools">Names of the tools it may call.</param>
    /// <param name="meter">Creates the meter that bounds the reading, on the reading thread.</param>
    internal ScoreRequest(string code, Program program, IReadOnlyCollection<string> tools, Func<WorkMeter> meter)
    {
        Code = code;
        Tools = tools;
        _reading = new(() => Read(code, program, meter()));
    }

    /// <summary>The script, as its author wrote it.</summary>
    public string Code { get; }

    /// <summary>Names of the tools it may call.</summary>
    public IReadOnlyCollection<string> Tools { get; }

    /// <summary>The features of its text; null if it is not a program. Extracted when first read.</summary>
    public ScriptFeatures? Features => _reading.Value.Features;

    /// <summary>Why it is not a program; null if it is one.</summary>
    public string? Fault => _reading.Value.Fault;

    /// <summary>The signals of the fixed rules. They are found while the script is read, within the same limit.</summary>
    internal ImmutableArray<ScoreSignal> Signals => _reading.Value.Signals;

    /// <summary>True if the script's reading has begun and has not come to its end: it reached a limit, or it takes too long.</summary>
    internal bool IsUnread => _isUnread;

    /// <summary>The time that its scorers have.</summary>
    internal ScorePatience Patience { get; init; } = ScorePatience.Endless;

    private Reading Read(string code, SourceLanguage language)
    {
        ParseResult parsed = Parser.Parse(code, s_language with { Language = language });
        return parsed.Success ? Read(code, parsed.Program, meter: null) : new Reading(null, [], parsed.Error.ToString());
    }

    private Reading Read(string code, Program program, WorkMeter? meter)
    {
        _isUnread = true;
        ScriptFeatures features = FeatureExtractor.Extract(code, program, meter);
        var reading = new Reading(features, FixedRules.Find(features, meter), null);
        _isUnread = !features.IsWhole;
        return reading;
    }

    private sealed record Reading(ScriptFeatures? Features, ImmutableArray<ScoreSignal> Signals, string? Fault);
}
