using Enclave.Guard.Scoring;
using Enclave.JavaScript;

namespace Enclave.Guard;

/// <summary>Scores by fixed rules over the text (docs/scoring.md), and by rules of your own.</summary>
/// <remarks>
/// <para>A tool call is <c>callTool(…)</c>, <c>x.callTool(…)</c>, or a call by a name that stands for it (<c>const t = callTool</c>, destructured too). Passing
/// the function on (<c>run(callTool)</c>, <c>callTool.bind(…)</c>) is a call of an unknown tool. A name in a constant is a static name.</para>
/// <para>A loop is a statement, or a callback that runs once for each element: of <c>map flatMap filter forEach some every find findIndex findLast
/// findLastIndex reduce reduceRight sort toSorted replace replaceAll</c>, <c>Array.from</c> and <c>groupBy</c>. Loops around a call of a named function count
/// for the tool calls in it; a function that calls itself is a loop.</para>
/// <para>The rules read the arguments of tool calls, at every level, through constants that hold literals: keys, property names, strings, numbers. The value
/// <c>Infinity</c> and the largest numbers count as numbers.</para>
/// <para>Names are split into words at case changes, digits and punctuation: <c>userApiKey</c> and <c>api_keys</c> hold an API key; <c>author</c>,
/// <c>shipping</c> and <c>tokenize</c> contain no sensitive word; <c>deleteAll</c> is a bulk operation, <c>callback</c> is not.</para>
/// <para>Sensitive words, plurals included. Authentication: password token secret api-key auth oauth authentication authorization credential bearer. Pii: email
/// e-mail ssn phone telephone address credit-card birth-date social-security. Financial: bank banking routing account-num account-number iban swift cvv pin.
/// Internal: names that begin with <c>__</c>, or with <c>_</c> and a small letter.</para>
/// <para><c>list-send-pattern</c> looks at two calls in a row, in the order of evaluation, by words of their names: list get query search find, then send email
/// post webhook; fetch read select, then export upload transfer; dump backup, then send post upload; or any of list get query search find fetch read select,
/// then a tool that says send email notify post webhook export upload transfer and does not itself say one of the former.</para>
/// <para>One number may be both an <c>excessive-limit</c> and an <c>extreme-value</c>. Within a rule nothing counts twice: a field has one name, a tool in a
/// loop is one tool.</para>
/// </remarks>
public sealed class RuleBasedScorer : IScriptScorer
{
    private readonly ImmutableArray<ScoringRule> _rules;

    /// <summary>Creates a scorer with the fixed rules and rules of your own.</summary>
    /// <param name="rules">Rules of your own; they run after the fixed ones. Default: none.</param>
    public RuleBasedScorer(params IEnumerable<ScoringRule> rules)
    {
        ArgumentNullException.ThrowIfNull(rules);
        _rules = [.. rules];
        if (_rules.Contains(null!)) throw new ArgumentException("one of the rules is null", nameof(rules));
    }

    /// <summary>Scores a script by the fixed rules.</summary>
    /// <param name="code">The script.</param>
    /// <param name="language">The language of the text. Default: JavaScript, or else TypeScript.</param>
    /// <returns>The score; <see cref="ScoreResult.Unscored"/> if the text is not a program.</returns>
    public static ScoreResult Score(string code, SourceLanguage language = SourceLanguage.Either) => Score(new ScoreRequest(code, language), []);

    /// <inheritdoc/>
    public ValueTask<ScoreResult> ScoreAsync(ScoreRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        cancellationToken.ThrowIfCancellationRequested();
        return new(Score(request, _rules));
    }

    private static ScoreResult Score(ScoreRequest request, ImmutableArray<ScoringRule> rules)
    {
        if (request.Features is not { } features) return ScoreResult.Unscored($"the text is not a program: {request.Fault}");
        List<ScoreSignal> signals = [.. request.Signals];
        foreach (ScoringRule rule in rules)
        {
            if (rule(features) is { } signal) signals.Add(signal);
        }

        return ScoreResult.Sum(signals);
    }
}
