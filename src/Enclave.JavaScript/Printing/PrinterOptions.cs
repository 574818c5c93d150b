namespace Enclave.JavaScript.Printing;

/// <summary>How a tree is printed.</summary>
public sealed record PrinterOptions
{
    /// <summary>One line, for the engine.</summary>
    public static PrinterOptions Compact { get; } = new();

    /// <summary>A line for each statement, for people.</summary>
    public static PrinterOptions Readable { get; } = new() { Style = PrintStyle.Readable };

    /// <summary>The layout. Default: compact.</summary>
    public PrintStyle Style { get; init; }
}

/// <summary>Layouts of printed text; both parse to the same tree.</summary>
public enum PrintStyle : byte
{
    /// <summary>Only blanks and line ends that the grammar needs.</summary>
    Compact,

    /// <summary>A line for each statement, indented by two spaces for each level.</summary>
    Readable,
}
