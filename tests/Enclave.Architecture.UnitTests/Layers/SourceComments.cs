using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace Enclave.Architecture.UnitTests.Layers;

/// <summary>Finds the comments of C#, C++ and JavaScript. A text that only looks like a comment, as the address in a literal, is none.</summary>
internal static partial class SourceComments
{
    /// <summary>The files below a folder whose comments can be found, without those that a build has left there.</summary>
    public static IEnumerable<string> Files(string folder) =>
    [
        .. SourceFiles.Under(folder),
        .. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Where((file) => Path.GetExtension(file) is ".cc" or ".h" or ".js")
            .Where((file) => !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>The comments of a file in their order. Comments with nothing but blanks and line ends between them are one.</summary>
    public static IEnumerable<TextSpan> Of(string file)
    {
        string text = SourceFiles.Text(file);
        return Joined(text, Path.GetExtension(file) == ".cs" ? OfTree(SourceFiles.Tree(file)) : OfText(text));
    }

    /// <summary>The comments of C#, with those behind a directive and those that document.</summary>
    public static IEnumerable<TextSpan> OfTree(SyntaxTree tree) => tree.GetRoot().DescendantTrivia(descendIntoTrivia: true)
        .Where((trivia) => trivia.Kind() is SyntaxKind.SingleLineCommentTrivia or SyntaxKind.MultiLineCommentTrivia
            or SyntaxKind.SingleLineDocumentationCommentTrivia or SyntaxKind.MultiLineDocumentationCommentTrivia)
        .Select((trivia) => trivia.FullSpan);

    /// <summary>The comments of C++ or JavaScript.</summary>
    public static IEnumerable<TextSpan> OfText(string text) => Tokens().Matches(text).Select((token) => token.Groups["comment"])
        .Where((comment) => comment.Success).Select((comment) => new TextSpan(comment.Index, comment.Length));

    private static List<TextSpan> Joined(string text, IEnumerable<TextSpan> comments)
    {
        List<TextSpan> joined = [];
        foreach (TextSpan comment in comments)
        {
            int end = joined.Count > 0 ? joined[^1].End : 0;
            if (joined.Count > 0 && string.IsNullOrWhiteSpace(text[end..comment.Start])) joined[^1] = TextSpan.FromBounds(joined[^1].Start, comment.End);
            else joined.Add(comment);
        }

        return joined;
    }

    // Comments, and the literals that may hold the sign of one: raw strings of C++, strings, templates and regular expressions of JavaScript. A quote behind a
    // digit separates digits in C++.
    [GeneratedRegex(
        """(?<comment>//[^\n]*|/\*.*?\*/)|R"(?<mark>[^\s()\\]{0,16})\(.*?\)\k<mark>"|"(?:[^"\\\n]|\\.)*"|(?<![0-9A-Fa-f])'(?:[^'\\\n]|\\.)*'|""" +
        """`(?:[^`\\]|\\.)*`|(?<=(?:^|[(,=:\[!&|?{};>]|\breturn)\s*)/(?:[^/\\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+/""",
        RegexOptions.Singleline)]
    private static partial Regex Tokens();
}
