namespace Enclave.JavaScript.Lexing;

/// <summary>A comment of the text (ECMA-262 12.4).</summary>
/// <param name="Kind">Its form.</param>
/// <param name="Start">Offset of its first unit, markers included.</param>
/// <param name="End">Offset after its last unit, markers included, without the line end of a line comment.</param>
public readonly record struct Comment(CommentKind Kind, int Start, int End);

/// <summary>The form of a comment.</summary>
public enum CommentKind : byte
{
    /// <summary>From // to the end of the line.</summary>
    Line,

    /// <summary>From /* to */.</summary>
    Block,

    /// <summary>An HTML-like comment of Annex B.1.1, from &lt;!-- or --&gt; to the end of the line.</summary>
    Html,

    /// <summary>#! on the first line (12.5).</summary>
    Hashbang,
}
