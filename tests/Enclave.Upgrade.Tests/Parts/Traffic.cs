using System.Collections.Concurrent;
using System.Text.Json;
using Enclave.Tests;

namespace Enclave.Upgrade.Tests;

/// <summary>Sessions of three owners, one after another of each kind, while parts are replaced.</summary>
internal sealed class Traffic
{
    private static readonly string[] s_owners = ["alice", "bob", "carol"];

    private readonly ConcurrentQueue<(string Id, string Kind, JsonElement Final)> _ended = new();
    private readonly Client[] _clients;
    private readonly Task[] _loops;
    private readonly Deployment _deployment;
    private readonly ConcurrentDictionary<Client, int> _counts = new();
    private volatile bool _isEnough;

    public Traffic(Deployment deployment)
    {
        _deployment = deployment;
        _clients = [.. s_owners.SelectMany((owner) => Kinds.Select((_) => new Client(deployment.Balancer, owner)))];
        _loops = [.. _clients.Select((client, i) => Loop(client, Kinds[i % Kinds.Length], i))];
    }

    /// <summary>Number of sessions with their last event.</summary>
    public int Ended => _ended.Count;

    /// <summary>Number of ended sessions whose runtime was lost.</summary>
    public int Lost => _ended.Count((ended) => IsLost(ended.Final));

    public int Resumes => _clients.Sum((client) => client.Resumes);

    private static (string Name, Func<string, string> Code, string Result)[] Kinds =>
    [
        ("plain", static (_) => "console.log('here'); return 40 + 2", "42"),
        ("tools", static (id) => $"let n = 0; for (const i of [1, 2, 3]) {{ await callTool('effect', {{ key: '{id}/' + i }}); n = n + i; }} return n", "6"),
        ("long", static (id) => $"for (const i of [1, 2, 3, 4, 5, 6, 7, 8]) await callTool('nap', {{ ms: 250 }}); await callTool('effect', {{ key: " +
        $"'{id}/1' }}); return 8", "8"),
    ];

    /// <summary>Waits until each client has run this many more sessions, so that replaced parts have run some.</summary>
    public async Task Flows()
    {
        int sessions = TestSize.Of(1, 2);
        int[] before = [.. _clients.Select(Count)];
        await Patience.Until(
            () => Task.FromResult(Failed is not null || _clients.Select(Count).Zip(before).All((counts) => counts.First - counts.Second >= sessions)), () =>
                $"{sessions} more sessions of each client have ended: " +
                    $"{string.Join(' ', _clients.Select(Count).Zip(before).Select((counts) => counts.First - counts.Second))}");
        if (Failed is { } failed) await failed;
    }

    /// <summary>Opens no more sessions, waits for the running ones, and checks all of them.</summary>
    /// <param name="lost">The number of sessions whose runtime went after their last call and before their last event.</param>
    public async Task Check(int lost = 0)
    {
        _isEnough = true;
        await Task.WhenAll(_loops);
        Assert.True(Lost == lost, $"the runtimes of {Lost} sessions were lost: {string.Join(", ", _ended.Where((ended) => IsLost(ended.Final)))}");
        Assert.All(_ended.Where((ended) => !IsLost(ended.Final)), (ended) => Assert.True(ended.Final.GetProperty("ok").GetBoolean() && ended.Final
            .GetProperty("result").GetRawText() == Kinds.Single((kind) => kind.Name == ended.Kind).Result, $"{ended.Id} ended with {ended.Final}"));
        Assert.Equal(_ended.Count, _ended.Select((ended) => ended.Id).Distinct().Count());
        string[] expected =
            [.. _ended.SelectMany((ended) => Enumerable.Range(1, ended.Kind switch { "tools" => 3, "long" => 1, _ => 0 }).Select((n) => $"{ended.Id}/{n}"))];
        TestContext.Current.TestOutputHelper?.WriteLine($"{_ended.Count} sessions, {expected.Length} effects; {_clients.Sum((client) => client.Refusals)} " +
            $"openings and readings came again, {Resumes} streams were read on elsewhere");
        // Each call once, and none of an unknown session.
        Assert.Equal(expected.Order(StringComparer.Ordinal), _deployment.ReadEffects().Order(StringComparer.Ordinal));
    }

    private static bool IsLost(JsonElement final) =>
        final.TryGetProperty("error", out JsonElement error) && error.GetProperty("code").GetString() == "RUNTIME_LOST";

    private Task? Failed => _loops.FirstOrDefault((loop) => loop.IsFaulted);

    private int Count(Client client) => _counts.GetValueOrDefault(client);

    private async Task Loop(Client client, (string Name, Func<string, string> Code, string Result) kind, int number)
    {
        await Task.Yield();
        for (int i = 1; !_isEnough; i++)
        {
            string id = $"s_{client.Owner}_{kind.Name}_{number}_{i}";
            _ended.Enqueue((id, kind.Name, await client.Run(id, kind.Code(id))));
            _counts[client] = i;
        }
    }
}
