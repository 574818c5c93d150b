using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Text;

namespace Enclave.JavaScript.Printing;

/// <summary>Writes trees as ECMAScript text.</summary>
/// <remarks>
/// <para>The text of a parsed tree, also of one changed by a rewriter, parses to the same tree. The tree does not contain comments, redundant parentheses
/// and the hashbang, so the text does not either.</para>
/// <para>A tree without a valid text is refused with <see cref="InvalidOperationException"/> where its content could break out of its token: an invalid
/// identifier, a template's or directive's raw text that ends its literal, a regular expression with an unescaped slash or line end. Otherwise the maker of
/// a tree ensures that it follows the grammar: a reserved word as the name of a reference is printed as it is. Numbers without a literal
/// are printed as operations with the same value: -1, 0/0.</para>
/// </remarks>
public static class Printer
{
    /// <summary>The text of a program, or of any single node.</summary>
    /// <exception cref="InvalidOperationException">The tree contains text that would break out of its token.</exception>
    /// <exception cref="InsufficientExecutionStackException">
    /// The tree is nested deeper than the thread's stack allows. Trees within the parser's default limits fit on a stack of 1 MiB.
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
    public static PrintResult PrintWithMap(Program program, string source, PrinterOptions? options = null) =>
        PrintWithMap(program, source, options ?? PrinterOptions.Compact, null);

    /// <summary>Prints within the meter's limit.</summary>
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
