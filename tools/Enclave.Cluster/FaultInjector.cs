using System.Text.Json.Nodes;
using Enclave.Cluster.Clocks;
using Enclave.Cluster.Links;
using Microsoft.AspNetCore.Http;

namespace Enclave.Cluster;

/// <summary>Carries out faults on parts, links and clocks, and reports them as events.</summary>
internal sealed class FaultInjector(ClusterParts cluster, Action<ClusterEvent> tell)
{
    /// <summary>A longer delay is a stall.</summary>
    private const int MaxDelayMs = 60_000;

    public JsonArray Parts() => [.. cluster.All.Select((part) => part.ToJson())];

    public JsonArray Links() => [.. cluster.Links.Select((link) => link.ToJson())];

    /// <exception cref="FaultException">There is no such part or action.</exception>
    /// <exception cref="PartException">Its state does not allow it.</exception>
    public async Task<JsonNode> ActAsync(string name, string action)
    {
        Part part = Find(name);
        Func<Task> act = action switch
        {
            "kill" => part.KillAsync,
            "stop" => part.StopAsync,
            "start" => () => part.StartAsync(CancellationToken.None),
            "pause" => part.PauseAsync,
            "resume" => () => Now(part.Resume),
            "restart" => () => RestartAsync(part),
            _ => throw FaultException.NotFound($"{action} must be one of kill, stop, pause, resume, start, restart"),
        };
        Tell(new JsonObject { ["part"] = name, ["action"] = action }, $"{name}: {action}");
        await act().ConfigureAwait(false);
        return part.ToJson();
    }

    /// <exception cref="FaultException">There is no such link, or the settings are invalid.</exception>
    public JsonNode SetLink(string name, JsonObject wanted)
    {
        Link link = cluster.Links.FirstOrDefault((one) => one.Name == name)
            ?? throw FaultException.NotFound($"no link is named {name}; there are {string.Join(", ", cluster.Links.Select((one) => one.Name))}");
        LinkSettings settings = link.Settings;
        foreach ((string member, JsonNode? value) in wanted)
        {
            settings = member switch
            {
                "state" => settings with { State = State(value) },
                "delayMs" => settings with { Delay = TimeSpan.FromMilliseconds(Number(member, value, 0, MaxDelayMs)) },
                "bytesPerSecond" => settings with { BytesPerSecond = value is null ? null : Number(member, value, 1, int.MaxValue) },
                _ => throw FaultException.Wrong($"{member} must be one of state, delayMs, bytesPerSecond"),
            };
        }

        Set(link, settings);
        return link.ToJson();
    }

    /// <summary>Sets the links of a part to a state, or repairs them if they are already in it.</summary>
    /// <exception cref="FaultException">The part has no links.</exception>
    public void Toggle(string name, LinkState state)
    {
        Link[] links = [.. cluster.LinksOf(name)];
        if (links.Length == 0) throw FaultException.NotFound($"{name} has no links of its own: only brokers and runtimes do");
        LinkState next = links.All((link) => link.Settings.State == state) ? LinkState.Open : state;
        foreach (Link link in links) Set(link, link.Settings with { State = next });
    }

    /// <exception cref="FaultException">There is no such part, or it uses the machine's clock.</exception>
    public async Task<JsonNode> StepClockAsync(string name, JsonObject wanted)
    {
        Part part = Find(name);
        if (part.Address is null) throw FaultException.NotFound($"{name} uses the machine's clock: only those of brokers and runtimes can be stepped");
        if (!cluster.Clocks.TryGetValue(name, out StepClock? clock)) throw new FaultException(
            StatusCodes.Status501NotImplemented, "all parts use the machine's clock: start eng/cluster.sh with --clocks (apt-get install -y libfaketime)");
        if (wanted.Count != 1 || !wanted.TryGetPropertyValue("stepSeconds", out JsonNode? value))
            throw FaultException.Wrong("the body must be {\"stepSeconds\": N}");
        int step = Number("stepSeconds", value, -StepClock.MaxOffset, StepClock.MaxOffset);
        long offset = await clock.StepAsync(step).ConfigureAwait(false);
        Tell(new JsonObject { ["clock"] = name, ["stepSeconds"] = step, ["offsetSeconds"] = offset }, $"{name}: clock stepped by {step} s, now {offset} s off");
        return new JsonObject { ["name"] = name, ["offsetSeconds"] = offset };
    }

    private void Set(Link link, LinkSettings settings)
    {
        link.Set(settings);
        var members = new JsonObject
        {
            ["link"] = link.Name,
            ["state"] = Part.Word(settings.State),
            ["delayMs"] = (int)settings.Delay.TotalMilliseconds,
            ["bytesPerSecond"] = settings.BytesPerSecond
        };
        Tell(members, $"{link.Name}: {Part.Word(settings.State)}, {settings.Delay.TotalMilliseconds} ms delay, " +
            $"{(settings.BytesPerSecond is { } rate ? $"{rate} bytes/s" : "unlimited speed")}");
    }

    private void Tell(JsonObject members, string text) => tell(new ClusterEvent("fault", members, text));

    private Part Find(string name) => cluster.All.FirstOrDefault((one) => one.Name == name)
        ?? throw FaultException.NotFound($"no part is named {name}; there are {string.Join(", ", cluster.All.Select((one) => one.Name))}");

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

    private static LinkState State(JsonNode? value) => value is JsonValue text
        && text.TryGetValue(out string? word) && Enum.GetValues<LinkState>().Where((state) => Part.Word(state) == word).ToArray() is [var state]
        ? state
        : throw FaultException.Wrong("state must be one of open, cut, stalled");

    private static int Number(string member, JsonNode? value, int least, int most) =>
        value is JsonValue number && number.TryGetValue(out int count) && count >= least && count <= most
        ? count
        : throw FaultException.Wrong($"{member} must be a whole number from {least} to {most}");
}
