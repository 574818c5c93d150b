using System.Globalization;
using Enclave.Cli.Commands;
using Enclave.Cli.Terminals;
using Enclave.Cluster.Links;
using Spectre.Console;

namespace Enclave.Cluster.Live;

/// <summary>A table of all parts on a terminal, drawn every second and after every event.</summary>
internal sealed class LiveView(Channel output, SecurityLevel level) : IClusterView
{
    private const int LastEvents = 6;

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
        ClusterParts parts = endpoints.Parts;
        int running = parts.All.Where((part) => part.Kind == PartKind.Broker).Sum((part) => part.Health.Sessions ?? 0);
        string owner = $"{parts.Tokens.First().Key} {parts.Tokens.First().Value}";
        string[] events;
        lock (_gate) events = [.. _events];
        var picture = new ClusterPicture
        {
            Addresses =
            [
                .. TextView.Addresses(endpoints),
                parts.Tokens.Count == 1 ? $"tokens   {owner}" : $"tokens   {owner}, and {parts.Tokens.Count - 1} more with --json",
            ],
            Parts = [.. parts.All.Select((part) => new PartLine(part.Name, part.State, part.Health, part.Pid, part.Address?.Port, Links(endpoints, part)))],
            Chosen = parts.All.Index().First((part) => part.Item == keys.Chosen).Index,
            Totals = $"{Plural.Of(running, "session")} running, {waiting?.ToString(CultureInfo.InvariantCulture) ?? "unknown"} waiting in the queue",
            Events = events,
            Refusal = keys.Refusal,
            Legend = Console.IsInputRedirected ? ["Ctrl-C ends all"] : Keys.Legend,
        };
        return picture.Draw(_console.Profile.Height);
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
}
