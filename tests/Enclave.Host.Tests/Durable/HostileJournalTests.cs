using System.Security.Cryptography;
using System.Text;
using Enclave.Journals;
using Enclave.Tests;

namespace Enclave.Host.Tests.Durable;

/// <summary>Journals in the hands of somebody who can write the store, but has no key.</summary>
public sealed class HostileJournalTests : IAsyncDisposable
{
    private const int Heads = 512;

    private const string Code =
        "await callTool('count', {}); await waitFor('go'); await callTool('count', {}); await waitFor('on'); await callTool('count', {}); return 1;";

    private readonly string _folder = Directory.CreateTempSubdirectory("enclave-hostile-").FullName;
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32), _retired = RandomNumberGenerator.GetBytes(32);
    private readonly RunStore _memory = RunStore.InMemory();
    private readonly EnclaveHost _host;
    private int _calls;

    public HostileJournalTests() => _host = Host(RunStore.InFolder(_folder), _key);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Runs that wait for the second time, two of them with one name, and their files: as they are, and as they were at the first time.</summary>
    [Fact]
    public async Task Changed_cut_swapped_and_older_files_are_refused_and_nothing_runs()
    {
        (string Name, string? Tenant)[] runs = [("one", null), ("two", null), ("one", "other")];
        var owners = new Dictionary<string, (string Name, string? Tenant)>();
        Dictionary<string, byte[]> older = [], honest;
        var answers = new List<byte[]>();
        var next = new Dictionary<(string, string?), string>();
        foreach ((string Name, string? Tenant) run in runs)
        {
            DurableRun first = await _host.StartAsync(Code, new RunOptions { Durable = run.Name, Tenant = run.Tenant }, Token);
            foreach (string file in Files()) older.TryAdd(file, File.ReadAllBytes(file));
            await _host.AnswerAsync(first.Waits[0].Token, true, Token);
            answers.Add(File.ReadAllBytes(Directory.EnumerateFiles(_folder, "*.answer").Single()));
            DurableRun second = await _host.ResumeAsync(run.Name, new RunOptions { Tenant = run.Tenant }, Token);
            foreach (string file in Files()) owners.TryAdd(file, run);
            string id = Path.GetFileName(Directory.EnumerateFiles(_folder, "*.run").Single((file) => owners[file] == run))[..^".run".Length];
            next[run] = Path.Combine(_folder, $"{id}.{Hash(second.Waits.Single().Token)}.answer");
        }

        honest = Files().ToDictionary((file) => file, File.ReadAllBytes);
        _calls = 0;
        var random = new Random(20261126);
        int refused = 0, count = TestSize.Of(600, 20_000);
        for (int i = 0; i < count; i++)
        {
            (string file, (string Name, string? Tenant) run) = owners.ElementAt(random.Next(owners.Count));
            byte[] changed, was = honest[file];
            bool isAnswer = random.Next(6) == 0;
            if (isAnswer)
            {
                // Answers to waits that are over, of this run and of others.
                (file, was) = (next[run], answers[random.Next(answers.Count)]);
                changed = random.Next(2) == 0 ? was : Change(was, answers[0], random);
            }
            else
            {
                string other = honest.Keys.Where((one) => one != file && Path.GetExtension(one) == Path.GetExtension(file)).ElementAt(random.Next(2));
                changed = random.Next(7) == 0 ? older[file] : Change(was, honest[other], random);
            }

            await File.WriteAllBytesAsync(file, changed, Token);
            bool isRefused = await IsRefusedAsync(run.Name, run.Tenant);
            refused += isRefused ? 1 : 0;
            // The older of two heads is not used, and bytes behind the newer one are those of a write that nobody acted on. A row's times are not sealed: all
            // that a run does follows from its journal, also behind an older row.
            bool isHarmless = Path.GetExtension(file) == ".run" || (!isAnswer && changed.Length > Heads && changed.AsSpan(Heads).StartsWith(was.AsSpan(Heads)));
            Assert.True(isRefused || isHarmless, $"{i}: {Path.GetFileName(file)}");
            if (isAnswer) File.Delete(file);
            foreach ((string path, byte[] bytes) in honest) await File.WriteAllBytesAsync(path, bytes, Token);
        }

        Assert.Equal(0, Volatile.Read(ref _calls));
        Assert.InRange(refused, count / 2, count);

        IEnumerable<string> Files() => Directory.EnumerateFiles(_folder).Where((file) => Path.GetExtension(file) is ".journal" or ".run");
    }

    [Fact]
    public async Task Entries_that_are_left_out_repeated_moved_or_foreign_are_refused_and_nothing_runs()
    {
        await using EnclaveHost before = Host(_memory, _retired), host = Host(_memory, _key);
        RunKey key = new(null, "one"), foreign = new("other", "one");
        var parts = new Dictionary<string, (StoredRun Row, byte[][] Parts)>();
        (EnclaveHost, RunKey, string)[] makers = [(host, key, "honest"), (host, foreign, "foreign"), (before, new RunKey(null, "x"), "expired")];
        foreach ((EnclaveHost maker, RunKey made, string what) in makers)
        {
            DurableRun run = await maker.StartAsync(Code, new RunOptions { Durable = made.Name, Tenant = made.Tenant }, Token);
            if (what == "honest") parts["older"] = await ReadAsync(made);
            await maker.AnswerAsync(run.Waits[0].Token, true, Token);
            await maker.ResumeAsync(made.Name, new RunOptions { Tenant = made.Tenant }, Token);
            parts[what] = await ReadAsync(made);
        }

        (StoredRun row, byte[][] honest) = parts["honest"];
        _calls = 0;
        var random = new Random(20261126);
        int count = TestSize.Of(1_000, 20_000);
        for (int i = 0; i < count; i++)
        {
            (StoredRun hostile, byte[][] entries) = Change(parts, key, random);
            if (hostile.Head.SequenceEqual(row.Head) && entries.SelectMany((part) => part).SequenceEqual(honest.SelectMany((part) => part))) continue;
            IRunLease lease = (await _memory.TakeAsync(key, TakePurpose.GoOn, Token))!;
            await lease.ReplaceAsync(entries.SelectMany((part) => part).ToArray(), hostile);
            await lease.DisposeAsync();

            Exception? thrown = await Record.ExceptionAsync(() => host.ResumeAsync(key.Name, cancellationToken: Token));

            Assert.True(thrown is JournalException { Fault: JournalFault.Damaged or JournalFault.KeyMissing or JournalFault.LaterVersion }, $"{i}: {thrown}");
        }

        Assert.Equal(0, Volatile.Read(ref _calls));
    }

    [Theory]
    [InlineData(".run", 40)]
    [InlineData(".journal", 600)]
    [InlineData(".journal", 0)]
    [InlineData(".journal", null)]
    public async Task A_run_whose_files_are_damaged_can_be_removed_and_leaves_nothing(string kind, int? length)
    {
        const string Code = "await callTool('count', {}); await waitFor('go'); await callTool('count', {}); return 1;";
        await _host.StartAsync(Code, new RunOptions { Durable = "other" }, Token);
        string[] others = Directory.GetFiles(_folder, "*", SearchOption.AllDirectories);
        DurableRun run = await _host.StartAsync(Code, new RunOptions { Durable = "damaged" }, Token);
        await _host.AnswerAsync(run.Waits[0].Token, 1, Token);
        string file = Directory.EnumerateFiles(_folder, $"*{kind}").Single((one) => !others.Contains(one));
        if (length is null) File.Delete(file);
        else await File.WriteAllBytesAsync(file, (await File.ReadAllBytesAsync(file, Token)).AsMemory(0, length.Value), Token);
        JournalException refused = await Assert.ThrowsAsync<JournalException>(
            () => _host.Runs.ForkAsync("damaged", new ForkOptions { Name = "copy" }, cancellationToken: Token));

        bool isRemoved = await _host.Runs.DeleteAsync("damaged", cancellationToken: Token);

        Assert.Equal(JournalFault.Damaged, refused.Fault);
        Assert.True(isRemoved);
        Assert.Equal(others.Order(), Directory.GetFiles(_folder, "*", SearchOption.AllDirectories).Order());
        Assert.Equal(2, Volatile.Read(ref _calls));
    }

    [Fact]
    public async Task An_answer_of_another_wait_is_refused()
    {
        const string Waiting = "const x = await waitFor('go'); await callTool('count', {}); return x;";
        DurableRun one = await _host.StartAsync(Waiting, new RunOptions { Durable = "one" }, Token);
        DurableRun two = await _host.StartAsync(Waiting, new RunOptions { Durable = "two" }, Token);
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

        Assert.Equal(JournalFault.Damaged, refused.Fault);
        Assert.Equal("mine", (await _host.Runs.FindAsync("one", "a", Token))!.Result!.Value.AsString());
    }

    private static string Hash(string text) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.Unicode.GetBytes(text)).AsSpan(0, 16));

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

    /// <summary>Whole entries in another order, or in the place of others, behind the honest head or another one.</summary>
    private static (StoredRun Row, byte[][] Parts) Change(Dictionary<string, (StoredRun Row, byte[][] Parts)> made, RunKey key, Random random)
    {
        (StoredRun row, byte[][] honest) = made["honest"];
        List<byte[]> parts = [.. honest];
        int at = random.Next(parts.Count), other = random.Next(parts.Count);
        (StoredRun otherRow, byte[][] otherParts) = made.ElementAt(random.Next(made.Count)).Value;
        switch (random.Next(9))
        {
            case 0: parts.RemoveAt(at); break;
            case 1: parts.Insert(other, parts[at]); break;
            case 2: (parts[at], parts[other]) = (parts[other], parts[at]); break;
            case 3: parts[at] = Change(parts[at], otherParts[random.Next(otherParts.Length)], random); break;
            case 4: parts[at] = otherParts[Math.Min(at, otherParts.Length - 1)]; break;
            // An older journal, or another one, behind a head that says more, or something else.
            case 5: parts = [.. otherParts]; break;
            case 6: row = row with { Head = otherRow.Head, LeastHead = random.Next(2) == 0 ? row.Head : otherRow.LeastHead }; break;
            case 7: row = row with { Head = [.. Change([.. row.Head], [.. otherRow.Head], random)] }; break;
            default:
                // What somebody without the key makes: readable, and with a correct sum.
                using (var seal = new JournalSeal(new JournalKeys([]), key, row.Journal))
                    parts[at] = seal.Seal(SealPurpose.Entry, at + 1, at == 0 ? JournalSeal.NoTag.Span : JournalSeal.TagOf(parts[at - 1]).Span, [0x91, 0xc0]);
                break;
        }

        // Its head with its entries is a journal of its own: an older copy of all that a store has cannot be told.
        if (parts.SequenceEqual(otherParts) && row.Head.SequenceEqual(otherRow.Head)) row = row with { Head = made["honest"].Row.Head };
        return (row with { Key = key }, [.. parts]);
    }

    private async Task<(StoredRun Row, byte[][] Parts)> ReadAsync(RunKey key)
    {
        (StoredRun row, ReadOnlyMemory<byte> entries) = (await _memory.ReadAsync(key, 1 << 20, Token))!.Value;
        var parts = new List<byte[]>();
        for (; !entries.IsEmpty; entries = entries[parts[^1].Length..]) parts.Add(entries[..JournalSeal.LengthOf(entries.Span)].ToArray());
        return (row, [.. parts]);
    }

    private async Task<bool> IsRefusedAsync(string name, string? tenant)
    {
        try
        {
            _ = await _host.Runs.HistoryAsync(name, tenant, Token);
            _ = await _host.ResumeAsync(name, new RunOptions { Tenant = tenant }, Token);
            return false;
        }
        catch (JournalException)
        {
            return true;
        }
    }

    private EnclaveHost Host(RunStore store, byte[] key)
    {
        var options = new EnclaveOptions
        {
            WorkerPool = new WorkerPoolOptions { MinWorkers = 1, MaxWorkers = 2 },
            Durable = new DurableOptions { Store = store, Keys = [key], Grace = TimeSpan.Zero, Wakes = false },
        };
        options.Tools.Add("count", (object args, ToolContext context, CancellationToken token) => Task.FromResult(Interlocked.Increment(ref _calls)));
        return new EnclaveHost(options);
    }
}
