using System.Buffers;
using Enclave.JavaScript.Ast;

namespace Enclave.Guard.Rules;

/// <summary><c>unicode-security</c>: text that people read otherwise than the engine does. Names in any script are fine; names that imitate another one are not.</summary>
internal sealed class UnicodeSecurityRule(BidiUse bidi) : IGuardRule
{
    private const int MaxReports = 10;
    private static readonly SearchValues<char> s_bidi = SearchValues.Create("\u202A\u202B\u202C\u202D\u202E\u2066\u2067\u2068\u2069");
    private static readonly SearchValues<char> s_zeroWidth = SearchValues.Create("\u200B\u200C\u200D\u2060\uFEFF");
    private static readonly SearchValues<char> s_invisible = SearchValues.Create("\u00AD\u034F\u115F\u1160\u3164\uFFA0\u17B4\u17B5\u180E");
    private static readonly RuleCode s_bidiRefused = new("UNICODE_BIDI_ATTACK");
    private static readonly RuleCode s_bidiTold = new("UNICODE_BIDI_ATTACK", IssueSeverity.Warning);
    private static readonly RuleCode s_zero = new("UNICODE_ZERO_WIDTH");
    private static readonly RuleCode s_homoglyph = new("UNICODE_HOMOGLYPH");
    private static readonly RuleCode s_unseen = new("UNICODE_INVISIBLE");

    public static RuleDescription Description { get; } = new(
        "unicode-security", [s_bidiRefused, s_zero, s_homoglyph, s_unseen],
        "Refuses direction controls in the source, and invisible or imitating characters in names.",
        "Write the character as an escape in a string, as in '\\u202E', and names in the letters of one script.");

    public RuleDescription About => Description;

    public ImmutableArray<NodeKind> Kinds { get; } = [NodeKind.Identifier, NodeKind.PrivateIdentifier];

    public void Visit(Node node, RuleContext context)
    {
        string name = node is Identifier identifier ? identifier.Name : ((PrivateIdentifier)node).Name;
        if (System.Text.Ascii.IsValid(name)) return;
        if (name.AsSpan().ContainsAny(s_zeroWidth)) context.Report(this, s_zero, node, "This name contains a character of no width");
        else if (name.AsSpan().ContainsAny(s_invisible)) context.Report(this, s_unseen, node, "This name contains an invisible character");
        else if (Lookalike.Of(name) is { } other) context.Report(this, s_homoglyph, node, $"This name looks like '{other}', and is another one", data: ("looksLike", other));
    }

    public void Finish(RuleContext context)
    {
        ReadOnlySpan<char> source = context.Source;
        RuleCode code = bidi == BidiUse.Refuse ? s_bidiRefused : s_bidiTold;
        int at = 0;
        for (int count = 0; count < MaxReports; count++)
        {
            int next = source[at..].IndexOfAny(s_bidi);
            if (next < 0) return;
            at += next + 1;
            context.Report(this, code, (at - 1, at), "The source contains a character that changes the direction of what people see", data: ("codePoint", (int)source[at - 1]));
        }
    }
}

/// <summary>What a policy says of direction controls.</summary>
internal enum BidiUse
{
    /// <summary>They are refused.</summary>
    Refuse,

    /// <summary>They are told of: text in Arabic or Hebrew may have them.</summary>
    Tell,
}
