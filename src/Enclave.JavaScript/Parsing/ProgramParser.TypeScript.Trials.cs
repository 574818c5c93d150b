using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Lexing;

namespace Enclave.JavaScript.Parsing;

/// <summary>Trial reading in the parser. The result for a place is remembered, so that no place is tried twice.</summary>
internal sealed partial class ProgramParser
{
    /// <summary>Most nested trials. Each may read a piece of text once more, so this bounds the work per character.</summary>
    private const int MostTrials = 8;

    /// <summary>For each tried list of types, by the offset of its bracket: true if it is such a list in an expression.</summary>
    private readonly Dictionary<int, bool> _typeArgumentVerdicts = [];

    /// <summary>Parentheses with a colon behind them that do not begin an arrow function.</summary>
    private readonly HashSet<int> _notArrows = [];
    private int _trialLimitAt;

    private readonly record struct ParserPlace(
        TokenPlace Token, int Nodes, Context Context, bool Strict, int Depth, int Chain, int Labels, int FirstLabel, int Scopes, int YieldAt, int AwaitAt,
        int AwaitNameAt,
        int ArrowAt, ForInit ArrowInit, int ClassDepth, int PrivateUses, int Ambient, bool IsDescribed, int ErasedAt, int AssertedAt, int Enums, int Refused);

    private ParserPlace BeginTrial()
    {
        var place = new ParserPlace(
            Place(), _nodeCount, _context, _strict, _depth, _chain, _labels.Count, _firstLabel, _scopeCount, _yieldAt, _awaitAt, _awaitNameAt,
            _arrowAt, _arrowInit, _classDepth, _privateUses.Count, _ambient, _isDescribed, _erasedAt, _assertedAt, _enums.Count, _refused.Count);
        if (++Trials > MostTrials)
        {
            if (_trialLimitAt < 0) _trialLimitAt = Start;
            Fail(ParseErrorCode.TooDeep, Start, "");
        }

        return place;
    }

    /// <summary>Ends a trial that succeeded.</summary>
    private void Accept() => Trials--;

    /// <summary>Returns to the start of the trial.</summary>
    private void Reject(in ParserPlace place)
    {
        Trials--;
        ReturnTo(place.Token);
        while (_scopeCount > place.Scopes) CloseScope();
        _nodeCount = place.Nodes;
        (_context, _strict, _depth, _chain, _firstLabel) = (place.Context, place.Strict, place.Depth, place.Chain, place.FirstLabel);
        _labels.RemoveRange(place.Labels, _labels.Count - place.Labels);
        (_yieldAt, _awaitAt, _awaitNameAt) = (place.YieldAt, place.AwaitAt, place.AwaitNameAt);
        (_arrowAt, _arrowInit, _classDepth) = (place.ArrowAt, place.ArrowInit, place.ClassDepth);
        (_ambient, _isDescribed, _erasedAt, _assertedAt) = (place.Ambient, place.IsDescribed, place.ErasedAt, place.AssertedAt);
        ForgetPrivateUses(place.PrivateUses);
        _enums.RemoveRange(place.Enums, _enums.Count - place.Enums);
        _refused.RemoveRange(place.Refused, _refused.Count - place.Refused);
        if (_trialLimitAt < 0) return;
        Fail(ParseErrorCode.TooDeep, _trialLimitAt, "Too many places that may be types stand one inside the other; put parentheses around the arrow functions");
    }

    private void ForgetPrivateUses(int count)
    {
        for (int i = _privateUses.Count - 1; i >= count; i--) _privateNames[_privateUses[i].Name] = _privateUses[i].Before;
        if (_privateUses.Count > count) _privateUses.RemoveRange(count, _privateUses.Count - count);
    }
}
