using System.Buffers;
using Enclave.Guard.Unicode;
using Enclave.JavaScript.Ast;

namespace Enclave.Guard.Rules;

/// <summary>
/// <c>unicode-security</c>: text that people read differently from the engine. Names in any script are fine; names that imitate another name are not.
/// </summary>
internal sealed class UnicodeSecurityRule(BidiUse bidi) : IGuardRule
{
    private const int MaxReports = 10;
    private static readonly SearchValues<char> s_zeroWidth = SearchValues.Create("\u200B\u200C\u200D\u2060\uFEFF");
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
        else if (HasInvisible(name)) context.Report(this, s_unseen, node, "This name contains an invisible character");
        else if (Homoglyphs.IsSuspicious(name, out string other))
        {
            context.Report(this, s_homoglyph, node, $"This name looks like '{other}', and is another one", data: ("looksLike", other));
        }
    }

    public void Finish(RuleContext context)
    {
        ReadOnlySpan<char> source = context.Source;
        RuleCode code = bidi == BidiUse.Refuse ? s_bidiRefused : s_bidiTold;
        int at = 0;
        for (int count = 0; count < MaxReports; count++)
        {
            int next = TextControls.IndexOfBidiControl(source[at..]);
            if (next < 0) return;
            at += next + 1;
            context.Report(
                this, code, (at - 1,
                at), "The source contains a character that changes the direction of what people see", data: ("codePoint", (int)source[at - 1]));
        }
    }

    private static bool HasInvisible(string name)
    {
        for (int at = 0; at < name.Length;)
        {
            int codePoint = TextControls.CodePointAt(name, at);
            if (TextControls.IsInvisible(codePoint)) return true;
            at += codePoint > char.MaxValue ? 2 : 1;
        }

        return false;
    }
}

/// <summary>A policy's rule for direction controls.</summary>
internal enum BidiUse
{
    /// <summary>They are refused.</summary>
    Refuse,

    /// <summary>Their characters get a warning: text in Arabic or Hebrew may contain them.</summary>
    Tell,
}
