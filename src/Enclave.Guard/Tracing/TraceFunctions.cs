using System.Globalization;
using System.Text;

namespace Enclave.Guard.Tracing;

/// <summary>The text before a traced program: trace.js, and the variables of the trace.</summary>
internal static class TraceFunctions
{
    private static readonly Lazy<string> s_source = new(Read);

    /// <summary>The text, which ends with a line end.</summary>
    public static string Text(TraceWindow window)
    {
        int first = window.Extra > 0 ? Math.Min(window.Extra, window.From) : window.From;
        return string.Create(
            CultureInfo.InvariantCulture,
            $$"""
            let {{TraceNames.Steps}}=0,{{TraceNames.Next}}={{first}};const {{TraceNames.First}}={{first}},{{TraceNames.Functions}}={{s_source.Value}}(
            {mark:'{{window.Mark}}',from:{{window.From}},room:{{window.Room}},extra:{{window.Extra}},whole:{{window.Statement}}},
            (next)=>{ {{TraceNames.Next}}=next; });

            """);
    }

    /// <summary>The functions without comments and indents, which each replay would send to its worker.</summary>
    private static string Read()
    {
        using Stream stream = typeof(TraceFunctions).Assembly.GetManifestResourceStream("Enclave.Guard.Tracing.trace.js")!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        IEnumerable<string> lines = reader.ReadToEnd().Split('\n').Select((line) => line.Trim())
            .Where((line) => line.Length > 0 && !line.StartsWith("//", StringComparison.Ordinal));
        return string.Join('\n', lines);
    }
}
