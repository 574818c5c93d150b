using Enclave.Cluster.Live;
using Spectre.Console;

namespace Enclave.Cluster.Tests.Command;

/// <summary>What a small terminal shows of a cluster.</summary>
public sealed class ClusterPictureTests
{
    private const string Token = "0123456789ABCDEF0123456789ABCDEF";

    /// <summary>A terminal of 16 lines: the chosen part, what can be done, and the line below, on which the cursor stands.</summary>
    [Theory]
    [InlineData(4, 0, 80)]
    [InlineData(6, 5, 80)]
    [InlineData(7, 6, 80)]
    [InlineData(11, 0, 80)]
    [InlineData(11, 5, 80)]
    [InlineData(11, 10, 80)]
    [InlineData(66, 40, 80)]
    [InlineData(66, 65, 200)]
    public void It_fits_16_lines_whatever_there_is_to_tell(int parts, int chosen, int width)
    {
        string[] lines = Draw(Full(parts, chosen), width, 16);

        Assert.InRange(lines.Length, 1, 15);
        Assert.All(lines, (line) => Assert.InRange(line.Length, 0, width));
        Assert.Contains(lines, (line) => line.TrimStart().StartsWith($"> runtime-{chosen} ", StringComparison.Ordinal));
        Assert.Contains(lines, (line) => line.Contains(Token, StringComparison.Ordinal));
        Assert.Equal(Keys.Legend, lines[^2..].Select((line) => line.TrimEnd()));
        Assert.StartsWith("broker-1 is stopping; it can be killed", lines[^3], StringComparison.Ordinal);
    }

    [Fact]
    public void Lines_that_the_parts_leave_free_show_the_last_events()
    {
        string[] lines = Draw(Full(4, 0) with { Events = ["first", "second", "third"] }, 80, 16);

        Assert.Equal(["second", "third"], lines.Select((line) => line.TrimEnd()).Where((line) => line is "first" or "second" or "third"));
    }

    [Fact]
    public void A_terminal_with_room_shows_every_part_and_every_event()
    {
        string[] lines = Draw(Full(11, 3), 200, 40);

        for (int i = 0; i < 11; i++) Assert.Contains(lines, (line) => line.TrimStart('>', ' ').StartsWith($"runtime-{i} ", StringComparison.Ordinal));
        Assert.Equal(6, lines.Count((line) => line.StartsWith("runtime-1: ", StringComparison.Ordinal)));
        Assert.DoesNotContain(lines, (line) => line.Contains('…', StringComparison.Ordinal));
    }

    /// <summary>A cluster in which all lines are long.</summary>
    private static ClusterPicture Full(int parts, int chosen) => new()
    {
        Addresses =
        [
            "proxy    http://127.0.0.1:45678",
            $"control  http://127.0.0.1:45679  token {Token}",
            $"tokens   tenant-01 {Token}, and 999 more with --json",
        ],
        Parts =
        [
            .. Enumerable.Range(0, parts).Select((n) => new PartLine(
                $"runtime-{n}", PartState.Stopping, new PartHealth(503, 1_000), 4_194_304, 45_000 + n,
                "postgres stalled 100 B/s +60000 ms, rabbitmq stalled 100 B/s +60000 ms")),
        ],
        Chosen = chosen,
        Totals = "1000 sessions running, 1000 waiting in the queue",
        Events = [.. Enumerable.Range(0, 6).Select((n) => $"runtime-1: event {n} with {new string('x', 50)} {new string('y', 50)}")],
        Refusal = "broker-1 is stopping; it can be killed when it is starting or ready or paused\nor stopping, and its last words had a second line",
        Legend = Keys.Legend,
    };

    private static string[] Draw(ClusterPicture picture, int width, int height)
    {
        using var text = new StringWriter();
        IAnsiConsole console = AnsiConsole.Create(
            new AnsiConsoleSettings { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Out = new AnsiConsoleOutput(text) });
        (console.Profile.Width, console.Profile.Height) = (width, height);
        console.Write(picture.Draw(height));
        return text.ToString().TrimEnd('\n').Split('\n');
    }
}
