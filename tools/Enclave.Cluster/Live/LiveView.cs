using System.Globalization;
using Enclave.Cli.Commands;
using Enclave.Cli.Terminals;
using Enclave.Cluster.Links;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Enclave.Cluster.Live;

/// <summary>A table of all parts on a terminal, drawn every second and after every event.</summary>
internal sealed class LiveView(Channel output, SecurityLevel level) : IClusterView
{
    private const int LastEvents = 6;

    /// <summary>Lines besides parts and events: addresses, tokens, the table's head, the totals, a refusal, the keys, and the cursor's.</summary>
    private const int OtherLines = 10;

    private static readonly TimeSpan s_redraw = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly Queue<string> _events = new();
    private readonly IAnsiConsole _console = AnsiConsole.Create(new AnsiConsoleSettings
    {
        Out = new AnsiConsoleOutput(Console.Out),
        ColorSystem = output.HasColours ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
    });
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _ready;

    public void Tell(ClusterEvent happened)
    {
        lock (_gate)
        {
            if (!_ready)
            {
                output.WriteLine(happened.Text);
                return;
            }

            _events.Enqueue(happened.Text);
            if (_events.Count > LastEvents) _events.Dequeue();
            _changed.TrySetResult();
        }
    }

    public async Task WatchAsync(ClusterEndpoints endpoints, CancellationToken signal)
    {
        lock (_gate) _ready = true;
        using var end = CancellationTokenSource.CreateLinkedTokenSource(signal);
        var keys = new Keys(endpoints.Parts, endpoints.Faults);
        var depth = new QueueDepth(endpoints.Parts.Queue, level);
        await using (depth.ConfigureAwait(false))
        {
            Task following = keys.FollowAsync(end.Token);
            await _console.Live(Draw(endpoints, keys, null)).AutoClear(true).StartAsync(async (context) =>
            {
                while (!following.IsCompleted && !signal.IsCancellationRequested)
                {
                    context.UpdateTarget(Draw(endpoints, keys, await depth.ReadAsync(signal).ConfigureAwait(false)));
                    Task changed;
                    lock (_gate) changed = (_changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
                    await Task.WhenAny(following, changed, Task.Delay(s_redraw, signal)).ConfigureAwait(false);
                }
            }).ConfigureAwait(false);
            await end.CancelAsync().ConfigureAwait(false);
        }

        lock (_gate) _ready = false;
    }

    public void End() => output.WriteLine("ended");

    private Rows Draw(ClusterEndpoints endpoints, Keys keys, uint? waiting)
    {
        var table = new Table { Border = TableBorder.None };
        table.AddColumns("  part", "state", "health", "sessions", "pid", "port", "links");
        foreach (TableColumn column in table.Columns) column.NoWrap().PadRight(2);
        int room = Math.Max(0, _console.Profile.Height - OtherLines);
        IReadOnlyList<Part> parts = endpoints.Parts.All;
        PartWindow window = PartWindow.Of(parts.Count, parts.Index().First((part) => part.Item == keys.Chosen).Index, room);
        foreach (Part part in parts.Skip(window.First).Take(window.Count))
        {
            bool chosen = part == keys.Chosen;
            PartHealth health = part.Health;
            table.AddRow(
                new Text((chosen ? "> " : "  ") + part.Name),
                new Text(Part.Word(part.State), new Style(
                    part.State switch { PartState.Ready => Color.Green, PartState.Dead => Color.Red, _ => Color.Yellow })),
                new Text(
                    part.Address is null ? "" : Number(health.Status) ?? "none", new Style(health.IsWell || part.Address is null ? Color.Default : Color.Red)),
                new Text(Number(health.Sessions) ?? ""),
                new Text(Number(part.Pid) ?? ""),
                new Text(Number(part.Address?.Port) ?? ""),
                new Text(Links(endpoints, part)));
        }

        int above = window.First, below = parts.Count - window.First - window.Count;
        string[] others = above + below == 0 ? [] : [$"  … {above} above, {below} below"];
        string[] events;
        lock (_gate) events = [.. _events.TakeLast(Math.Clamp(room - window.Count - others.Length, 0, LastEvents))];
        int running = endpoints.Parts.All.Where((part) => part.Kind == PartKind.Broker).Sum((part) => part.Health.Sessions ?? 0);
        string owners = endpoints.Parts.Tokens.Count == 1
            ? $"{endpoints.Parts.Tokens.First().Key} {endpoints.Parts.Tokens.First().Value}"
            : $"{endpoints.Parts.Tokens.First().Key} {endpoints.Parts.Tokens.First().Value}, and {endpoints.Parts.Tokens.Count - 1} more with --json";
        IRenderable[] rows =
        [
            .. TextView.Addresses(endpoints).Select((line) => new Text(line)),
            new Text($"tokens   {owners}"),
            table,
            .. others.Select((line) => new Text(line, new Style(decoration: Decoration.Dim))),
            new Text($"{Plural.Of(running, "session")} running, {Number((int?)waiting) ?? "unknown"} waiting in the queue"),
            .. events.Select((line) => new Text(line, new Style(decoration: Decoration.Dim))),
            new Text(keys.Refusal, new Style(Color.Yellow)),
            .. (Console.IsInputRedirected ? ["Ctrl-C ends all"] : Keys.Legend).Select((line) => new Text(line, new Style(decoration: Decoration.Dim))),
        ];
        return new Rows(rows);
    }

    /// <summary>Its links that are cut, stalled or slowed.</summary>
    private static string Links(ClusterEndpoints endpoints, Part part) =>
        string.Join(", ", endpoints.Parts.LinksOf(part.Name).Where((link) => link.Settings != LinkSettings.Open).Select((link) =>
    {
        LinkSettings settings = link.Settings;
        string slow = settings.BytesPerSecond is { } rate ? $" {rate} B/s" : "",
            late = settings.Delay > TimeSpan.Zero ? $" +{settings.Delay.TotalMilliseconds} ms" : "";
        return $"{link.Name[(link.Name.IndexOf('>', StringComparison.Ordinal) + 1)..]} {Part.Word(settings.State)}{slow}{late}";
    }));

    private static string? Number(int? value) => value?.ToString(CultureInfo.InvariantCulture);
}
