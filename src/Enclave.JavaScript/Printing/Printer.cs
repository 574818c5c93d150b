using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Text;

namespace Enclave.JavaScript.Printing;

/// <summary>Writes trees as ECMAScript text.</summary>
/// <remarks>
/// <para>The text of a parsed tree, also of one changed by a rewriter, parses to the same tree. Comments, parentheses without effect and the hashbang
/// are not in the tree, and so not in the text.</para>
/// <para>A tree that no text stands for is refused with <see cref="InvalidOperationException"/> where its content could break out of its token: a name
/// that is no identifier, a template's or directive's raw text that ends its literal, a regular expression with an unescaped slash or line end. Whether
/// the rest of a hand-made tree follows the grammar is up to its maker: a reserved word as the name of a reference is printed as it is. Numbers that
/// have no literal are printed as operations of the same value: -1, 0/0.</para>
/// </remarks>
public static class Printer
{
    /// <summary>The text of a program, or of any single node of one.</summary>
    /// <exception cref="InvalidOperationException">The tree holds text that would break out of its token.</exception>
    /// <exception cref="InsufficientExecutionStackException">
    /// The tree is nested deeper than the thread's stack allows; trees within the parser's default bounds never are on a stack of 1 MiB.
    /// </exception>
    public static string Print(Node node, PrinterOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(node);
        using var printer = new TreePrinter((options ?? PrinterOptions.Compact).Style, null, null);
        return printer.Print(node);
    }

    /// <summary>The text of a program, and a map from its places to those of the source.</summary>
    /// <param name="program">The tree.</param>
    /// <param name="source">The text the tree was parsed from.</param>
    /// <param name="options">The layout.</param>
    /// <inheritdoc cref="Print"/>
    public static PrintResult PrintWithMap(Program program, string source, PrinterOptions? options = null) => PrintWithMap(program, source, options ?? PrinterOptions.Compact, null);

    /// <summary>Prints as long as the meter lets it.</summary>
    public static PrintResult PrintWithMap(Program program, string source, PrinterOptions options, WorkMeter? meter)
    {
        ArgumentNullException.ThrowIfNull(program);
        ArgumentNullException.ThrowIfNull(source);
        using var map = new SourceMapBuilder(source);
        using var printer = new TreePrinter(options.Style, map, meter);
        string text = printer.Print(program);
        return new PrintResult(text, map.Build(text));
    }
}
