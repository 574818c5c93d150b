using System.Text.Json;
using Enclave.Cluster.Tests.Checking;
using Enclave.Cluster.Tests.Load;
using Enclave.Cluster.Tests.Servers;
using Enclave.Tests;

namespace Enclave.Cluster.Tests.Chaos;

/// <summary>Load and faults on one cluster, and the checker's findings.</summary>
internal static class ChaosRun
{
    /// <summary>Runs both to their end and checks the results. The logs are kept if there is a finding.</summary>
    public static async Task<Evidence> RunAsync(
        ClusterProcess cluster, IReadOnlyList<PlannedSession> plan, IReadOnlyList<PlannedFault> faults, int slots, string name)
    {
        var folder = new RunFolder();
        ITestOutputHelper output = TestContext.Current.TestOutputHelper!;
        output.WriteLine($"{name}: {plan.Count} sessions, {faults.Count} faults; logs in {folder.Path}");
        var load = new LoadRun(cluster, folder);
        var chaos = new FaultRun(cluster);
        Task loading = load.RunAsync(plan);
        await chaos.RunAsync(faults);
        if (faults.Count > 0) await chaos.MendAsync();
        await loading;
        if (faults.Count > 0) await Recovery.CheckAsync(cluster, slots);
        await Within.Becomes(() => StoreReader.OpenAsync(cluster.StoreOwner).Result == 0, "every session in the store had its end");
        await load.ReadAgainAsync(plan);
        HashSet<string> ids = [.. plan.Select((session) => session.Id)], nonces = [.. plan.Select((session) => session.Nonce)];
        var evidence = new Evidence
        {
            Plan = plan,
            Store = [.. (await StoreReader.ReadAsync(cluster.StoreOwner)).Where((session) => ids.Contains(session.Id))],
            Clients = folder.ReadClients(),
            Tools = folder.ReadTools(),
            // Only those of this run: the cluster had others before.
            Notes = [.. File.ReadLines(cluster.NotesFile).Select(Note).Where((note) => nonces.Contains(note.Split(' ')[0]))],
            Faults = chaos.Done,
            Slots = slots,
            Brokers = cluster.Brokers.Count,
        };
        IReadOnlyList<Finding> found = Checker.Check(evidence);
        string report = RunReport.Of(evidence, chaos.Refused);
        output.WriteLine(report);
        Assert.True(found.Count == 0,
            $"{name}: {found.Count} findings; the logs are in {folder.Path}\n{string.Join('\n', found.Take(40))}\n{report}\n{cluster.Errors}");
        folder.Delete();
        return evidence;
    }

    private static string Note(string args)
    {
        JsonElement call = JsonElement.Parse(args);
        return $"{call.GetProperty("nonce").GetString()} {call.GetProperty("step").GetRawText()}";
    }
}
