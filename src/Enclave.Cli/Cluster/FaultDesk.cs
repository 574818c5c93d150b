using System.Text.Json.Nodes;
using Enclave.Cli.Cluster.Links;

namespace Enclave.Cli.Cluster;

/// <summary>Does to parts, links and clocks what is asked for, and tells of it.</summary>
internal sealed class FaultDesk(IReadOnlyList<Part> parts, IReadOnlyList<Link> links, ClusterEvents events)
{
    /// <summary>A delay above this is a stall.</summary>
    private const int MaxDelayMs = 60_000;

    public JsonArray Parts() => [.. parts.Select((part) => part.ToJson())];

    public JsonArray Links() => [.. links.Select((link) => link.ToJson())];

    /// <exception cref="FaultException">There is no such part, or no such action.</exception>
    /// <exception cref="PartException">Its state does not allow it.</exception>
    public async Task<JsonNode> ActAsync(string name, string action)
    {
        Part part = parts.FirstOrDefault((one) => one.Name == name) ?? throw FaultException.NotFound($"no part is named {name}; there are {string.Join(", ", parts.Select((one) => one.Name))}");
        Func<Task> act = action switch
        {
            "kill" => part.KillAsync,
            "stop" => part.StopAsync,
            "start" => () => part.StartAsync(CancellationToken.None),
            "pause" => () => Now(part.Pause),
            "resume" => () => Now(part.Resume),
            "restart" => () => RestartAsync(part),
            _ => throw FaultException.NotFound($"{action} is none of kill, stop, pause, resume, start, restart"),
        };
        events.Tell("fault", new JsonObject { ["part"] = name, ["action"] = action });
        await act().ConfigureAwait(false);
        return part.ToJson();
    }

    /// <exception cref="FaultException">There is no such link, or it cannot be so.</exception>
    public JsonNode SetLink(string name, JsonObject wanted)
    {
        Link link = links.FirstOrDefault((one) => one.Name == name) ?? throw FaultException.NotFound($"no link is named {name}; there are {string.Join(", ", links.Select((one) => one.Name))}");
        LinkSettings settings = link.Settings;
        foreach ((string member, JsonNode? value) in wanted)
        {
            settings = member switch
            {
                "state" => settings with { State = State(value) },
                "delayMs" => settings with { Delay = TimeSpan.FromMilliseconds(Number(member, value, 0, MaxDelayMs)) },
                "bytesPerSecond" => settings with { BytesPerSecond = value is null ? null : Number(member, value, 1, int.MaxValue) },
                _ => throw FaultException.Wrong($"{member} is none of state, delayMs, bytesPerSecond"),
            };
        }

        link.Set(settings);
        JsonObject now = link.ToJson();
        events.Tell("fault", new JsonObject { ["link"] = name, ["state"] = Part.Word(settings.State), ["delayMs"] = (int)settings.Delay.TotalMilliseconds, ["bytesPerSecond"] = settings.BytesPerSecond });
        return now;
    }

    private static async Task RestartAsync(Part part)
    {
        await part.StopAsync().ConfigureAwait(false);
        await part.StartAsync(CancellationToken.None).ConfigureAwait(false);
    }

    private static Task Now(Action act)
    {
        act();
        return Task.CompletedTask;
    }

    private static LinkState State(JsonNode? value) => value is JsonValue text && text.TryGetValue(out string? word) && Enum.GetValues<LinkState>().Where((state) => Part.Word(state) == word).ToArray() is [var state]
        ? state
        : throw FaultException.Wrong("state is one of open, cut, stalled");

    private static int Number(string member, JsonNode? value, int least, int most) => value is JsonValue number && number.TryGetValue(out int count) && count >= least && count <= most
        ? count
        : throw FaultException.Wrong($"{member} is a whole number from {least} to {most}");
}
