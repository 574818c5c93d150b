using System.Security.Cryptography;
using Enclave.Tests;

namespace Enclave.Host.Tests.Durable;

/// <summary>Journals in the hands of somebody who can write the folder, but has no key.</summary>
public sealed class HostileJournalTests : IAsyncDisposable
{
    private const int Heads = 512;

    private readonly string _folder = Directory.CreateTempSubdirectory("enclave-hostile-").FullName;
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);
    private readonly EnclaveHost _host;
    private int _calls;

    public HostileJournalTests() => _host = Host();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Changed_cut_and_swapped_journals_are_refused_and_nothing_runs()
    {
        const string Code = "await callTool('count', {}); await waitFor('go'); await callTool('count', {}); return 1;";
        var runs = new Dictionary<string, string>();
        foreach (string name in new[] { "one", "two" })
        {
            await _host.StartAsync(Code, new RunOptions { Durable = name }, Token);
            foreach (string file in Directory.EnumerateFiles(_folder).Where((file) => Path.GetExtension(file) is ".journal" or ".run")) runs.TryAdd(file, name);
        }

        Dictionary<string, byte[]> honest = runs.Keys.ToDictionary((file) => file, File.ReadAllBytes);
        _calls = 0;
        var random = new Random(20261126);
        int refused = 0, count = TestSize.Of(600, 20_000);
        for (int i = 0; i < count; i++)
        {
            (string file, string name) = runs.ElementAt(random.Next(runs.Count));
            string other = runs.Keys.First((one) => one != file && Path.GetExtension(one) == Path.GetExtension(file));
            byte[] changed = Change(honest[file], honest[other], random);
            await File.WriteAllBytesAsync(file, changed, Token);
            bool isRefused = await IsRefusedAsync(name);
            refused += isRefused ? 1 : 0;
            // The older of two heads is not used, and bytes behind the newer one are those of a write that nobody acted on. A row's times are not sealed: all
            // that a run does follows from its journal.
            bool isHarmless = Path.GetExtension(file) == ".run" || (changed.Length > Heads && changed.AsSpan(Heads).StartsWith(honest[file].AsSpan(Heads)));
            Assert.True(isRefused || isHarmless, $"{i}: {Path.GetFileName(file)}");
            foreach ((string path, byte[] bytes) in honest) await File.WriteAllBytesAsync(path, bytes, Token);
        }

        Assert.Equal(0, Volatile.Read(ref _calls));
        Assert.InRange(refused, count / 2, count);
    }

    [Fact]
    public async Task An_answer_of_another_wait_is_refused()
    {
        const string Code = "const x = await waitFor('go'); await callTool('count', {}); return x;";
        DurableRun one = await _host.StartAsync(Code, new RunOptions { Durable = "one" }, Token);
        DurableRun two = await _host.StartAsync(Code, new RunOptions { Durable = "two" }, Token);
        await _host.AnswerAsync(one.Waits[0].Token, "mine", Token);
        string answer = Directory.EnumerateFiles(_folder, "*.answer").Single();
        await _host.AnswerAsync(two.Waits[0].Token, "yours", Token);
        string stolen = Directory.EnumerateFiles(_folder, "*.answer").Single((file) => file != answer);
        File.Copy(answer, stolen, overwrite: true);

        JournalException refused = await Assert.ThrowsAsync<JournalException>(() => _host.ResumeAsync("two", cancellationToken: Token));

        Assert.Contains("refused", refused.Message, StringComparison.Ordinal);
        Assert.Equal(0, Volatile.Read(ref _calls));
        Assert.Equal("mine", (await _host.ResumeAsync("one", cancellationToken: Token)).Result!.Value.AsString());
    }

    [Fact]
    public async Task A_row_under_another_name_is_refused()
    {
        await _host.StartAsync("return 'mine'", new RunOptions { Durable = "one", Tenant = "a" }, Token);
        await _host.StartAsync("return 'yours'", new RunOptions { Durable = "two", Tenant = "b" }, Token);
        string[] rows = [.. Directory.EnumerateFiles(_folder, "*.run").OrderBy(File.GetCreationTimeUtc)];
        File.Copy(rows[0], rows[1], overwrite: true);

        JournalException refused = await Assert.ThrowsAsync<JournalException>(() => _host.Runs.FindAsync("two", "b", Token));

        Assert.Equal(JournalFault.Refused, refused.Fault);
        Assert.Equal("mine", (await _host.Runs.FindAsync("one", "a", Token))!.Result!.Value.AsString());
    }

    private static byte[] Change(byte[] honest, byte[] other, Random random)
    {
        byte[] changed = [.. honest];
        switch (random.Next(6))
        {
            case 0: changed[random.Next(changed.Length)] ^= (byte)(1 << random.Next(8)); return changed;
            case 1: return changed[..random.Next(changed.Length)];
            case 2: return other;
            case 3: return [.. changed, .. other[^random.Next(1, other.Length)..]];
            case 4:
                int from = random.Next(changed.Length), length = random.Next(1, Math.Min(200, changed.Length - from + 1));
                return [.. changed[..from], .. changed[Math.Min(changed.Length, from + length)..]];
            default:
                random.NextBytes(changed.AsSpan(random.Next(changed.Length)));
                return changed;
        }
    }

    private async Task<bool> IsRefusedAsync(string name)
    {
        try
        {
            _ = await _host.Runs.HistoryAsync(name, cancellationToken: Token);
            _ = await _host.ResumeAsync(name, cancellationToken: Token);
            return false;
        }
        catch (JournalException)
        {
            return true;
        }
    }

    private EnclaveHost Host()
    {
        var options = new EnclaveOptions
        {
            WorkerPool = new WorkerPoolOptions { MinWorkers = 1, MaxWorkers = 2 },
            Durable = new DurableOptions { Store = RunStore.InFolder(_folder), Keys = [_key], Grace = TimeSpan.Zero, Wakes = false },
        };
        options.Tools.Add("count", (object args, ToolContext context, CancellationToken token) => Task.FromResult(Interlocked.Increment(ref _calls)));
        return new EnclaveHost(options);
    }
}
