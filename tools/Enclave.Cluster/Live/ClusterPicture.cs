using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Enclave.Cluster.Live;

/// <summary>What a terminal shows of a cluster: no more lines than it has, if it has 16 and they are 80 columns wide.</summary>
internal sealed record ClusterPicture
{
    /// <summary>Lines besides parts and events: addresses, tokens, the table's head, the totals, a refusal, the keys, and the cursor's.</summary>
    private const int OtherLines = 10;

    private static readonly Style s_dim = new(decoration: Decoration.Dim);

    /// <summary>Addresses and tokens. People copy them, so a narrow terminal wraps them and cuts nothing.</summary>
    public required IReadOnlyList<string> Addresses { get; init; }

    public required IReadOnlyList<PartLine> Parts { get; init; }

    /// <summary>The index of the chosen part.</summary>
    public required int Chosen { get; init; }

    /// <summary>Numbers of sessions.</summary>
    public required string Totals { get; init; }

    /// <summary>The last events, oldest first.</summary>
    public required IReadOnlyList<string> Events { get; init; }

    /// <summary>Why the last key was refused; empty if it was not.</summary>
    public required string Refusal { get; init; }

    /// <summary>The keys.</summary>
    public required IReadOnlyList<string> Legend { get; init; }

    /// <param name="height">The lines of the terminal.</param>
    public Rows Draw(int height)
    {
        int room = Math.Max(0, height - OtherLines);
        PartWindow window = PartWindow.Of(Parts.Count, Chosen, room);
        int above = window.First, below = Parts.Count - window.First - window.Count;
        string[] others = above + below == 0 ? [] : [$"  … {above} above, {below} below"];
        IEnumerable<string> events = Events.TakeLast(Math.Max(0, room - window.Count - others.Length));
        IRenderable[] cut =
        [
            DrawParts(window),
            .. others.Select((line) => OneLine(line, s_dim)),
            OneLine(Totals, Style.Plain),
            .. events.Select((line) => OneLine(line, s_dim)),
            OneLine(Refusal, new Style(Color.Yellow)),
            .. Legend.Select((line) => OneLine(line, s_dim)),
        ];
        IRenderable[] rows = [.. Addresses.Select((line) => new Text(line)), new CutLines(new Rows(cut))];
        return new Rows(rows);
    }

    /// <summary>A text that may have line feeds: the last words of a part that did not start.</summary>
    private static Text OneLine(string text, Style style) => new(text.ReplaceLineEndings(" "), style);

    private Table DrawParts(PartWindow window)
    {
        var table = new Table { Border = TableBorder.None };
        table.AddColumns("  part", "state", "health", "sessions", "pid", "port", "links");
        foreach (TableColumn column in table.Columns) column.NoWrap().PadRight(2);
        foreach ((int index, PartLine part) in Parts.Index().Skip(window.First).Take(window.Count))
        {
            bool isServer = part.Port is null;
            table.AddRow(
                new Text((index == Chosen ? "> " : "  ") + part.Name),
                new Text(Part.Word(part.State), new Style(
                    part.State switch { PartState.Ready => Color.Green, PartState.Dead => Color.Red, _ => Color.Yellow })),
                new Text(isServer ? "" : Number(part.Health.Status) ?? "none", new Style(isServer || part.Health.IsWell ? Color.Default : Color.Red)),
                new Text(Number(part.Health.Sessions) ?? ""),
                new Text(Number(part.Pid) ?? ""),
                new Text(Number(part.Port) ?? ""),
                new Text(part.Links));
        }

        return table;
    }

    private static string? Number(int? value) => value?.ToString(CultureInfo.InvariantCulture);
}
