namespace Enclave.Testing;

/// <summary>
/// Tests the contract of every <see cref="IReferenceStore"/>. Derive from it, provide a store, and call the methods from tests of any framework.
/// </summary>
/// <example>
/// <code>
/// public sealed class MyStoreTests : ReferenceStoreContract
/// {
///     protected override IReferenceStore Store { get; } = new MyStore();
///
///     [Fact]
///     public Task It_keeps_the_contract() => VerifyAsync();
/// }
/// </code>
/// </example>
public abstract class ReferenceStoreContract
{
    private static readonly TimeSpan s_patience =
        TimeSpan.FromSeconds(30), s_minute = TimeSpan.FromMinutes(1), s_short = TimeSpan.FromMilliseconds(200), s_look = TimeSpan.FromMilliseconds(10);

    private static readonly int[] s_lengths = [0, 1, 65_536, 4_000_001];

    /// <summary>The store to test. Its clock must run.</summary>
    protected abstract IReferenceStore Store { get; }

    /// <summary>Verifies the whole contract.</summary>
    public async Task VerifyAsync()
    {
        await FindsWhatWasSetAsync().ConfigureAwait(false);
        await ReplacesWhatIsSetAgainAsync().ConfigureAwait(false);
        await KeepsACopyAsync().ConfigureAwait(false);
        await ForgetsWhatWasRemovedAsync().ConfigureAwait(false);
        await ForgetsAfterItsTimeAsync().ConfigureAwait(false);
        await ServesManyAtOnceAsync().ConfigureAwait(false);
        await HeedsCancellationAsync().ConfigureAwait(false);
    }

    /// <summary>Values of 0 to 4 million bytes are found unchanged; a key that was never set returns null.</summary>
    public async Task FindsWhatWasSetAsync()
    {
        await CheckGoneAsync(NewKey(), "A key that was never set").ConfigureAwait(false);
        foreach (int length in s_lengths)
        {
            string key = NewKey();
            await SetAsync(key, Bytes(length, length)).ConfigureAwait(false);
            await CheckThereAsync(key, Bytes(length, length), $"A value of {length} bytes").ConfigureAwait(false);
        }
    }

    /// <summary>A key that is set again has the new value.</summary>
    public async Task ReplacesWhatIsSetAgainAsync()
    {
        string key = NewKey();
        await SetAsync(key, Bytes(10, 1)).ConfigureAwait(false);
        await SetAsync(key, Bytes(20, 2)).ConfigureAwait(false);
        await CheckThereAsync(key, Bytes(20, 2), "A value that was set again").ConfigureAwait(false);
    }

    /// <summary>Later changes of the caller's buffer have no effect.</summary>
    public async Task KeepsACopyAsync()
    {
        string key = NewKey();
        byte[] buffer = Bytes(100, 1);
        await SetAsync(key, buffer).ConfigureAwait(false);
        Array.Clear(buffer);
        await CheckThereAsync(key, Bytes(100, 1), "A value whose buffer was cleared").ConfigureAwait(false);
    }

    /// <summary>Removing a value removes no other; removing it again is allowed.</summary>
    public async Task ForgetsWhatWasRemovedAsync()
    {
        string key = NewKey(), other = NewKey();
        await SetAsync(key, Bytes(10, 1)).ConfigureAwait(false);
        await SetAsync(other, Bytes(10, 2)).ConfigureAwait(false);
        await RemoveAsync(key).ConfigureAwait(false);
        await RemoveAsync(key).ConfigureAwait(false);
        await CheckGoneAsync(key, "A removed value").ConfigureAwait(false);
        await CheckThereAsync(other, Bytes(10, 2), "A value beside the removed one").ConfigureAwait(false);
    }

    /// <summary>The end of its time to live removes a value and no other.</summary>
    public async Task ForgetsAfterItsTimeAsync()
    {
        string key = NewKey(), other = NewKey();
        await SetAsync(other, Bytes(10, 2)).ConfigureAwait(false);
        await Store.SetAsync(key, Bytes(10, 1), s_short, CancellationToken.None).AsTask().WaitAsync(s_patience).ConfigureAwait(false);
        long started = Environment.TickCount64;
        while (await GetAsync(key).ConfigureAwait(false) is not null)
        {
            if (Environment.TickCount64 - started > s_patience.TotalMilliseconds)
                throw new ContractException($"A value with {s_short.TotalMilliseconds} ms to live still existed after {s_patience.TotalSeconds} s.");
            await Task.Delay(s_look).ConfigureAwait(false);
        }

        await CheckThereAsync(other, Bytes(10, 2), "A value with longer to live").ConfigureAwait(false);
    }

    /// <summary>A hundred concurrent callers do not affect each other's values.</summary>
    public Task ServesManyAtOnceAsync() => Parallel.ForAsync(0, 100, async (i, _) =>
    {
        string key = NewKey();
        await SetAsync(key, Bytes(1000 + i, i)).ConfigureAwait(false);
        await CheckThereAsync(key, Bytes(1000 + i, i), "One value of many").ConfigureAwait(false);
        await RemoveAsync(key).ConfigureAwait(false);
        await CheckGoneAsync(key, "One removed value of many").ConfigureAwait(false);
    });

    /// <summary>An already cancelled token ends the call as cancelled.</summary>
    public async Task HeedsCancellationAsync()
    {
        var cancelled = new CancellationToken(canceled: true);
        await CheckCancelledAsync("GetAsync", async () => await Store.GetAsync(NewKey(), cancelled).ConfigureAwait(false)).ConfigureAwait(false);
        await CheckCancelledAsync("SetAsync", async () =>
            await Store.SetAsync(NewKey(), Bytes(1, 1), s_minute, cancelled).ConfigureAwait(false)).ConfigureAwait(false);
    }

    private static async Task CheckCancelledAsync(string name, Func<Task> call)
    {
        try
        {
            await call().WaitAsync(s_patience).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return;
        }

        throw new ContractException($"{name} with a cancelled token did not end as cancelled.");
    }

    private async Task CheckThereAsync(string key, byte[] expected, string what)
    {
        byte[]? found = await GetAsync(key).ConfigureAwait(false);
        if (found is null) throw new ContractException($"{what} was not found.");
        if (!found.AsSpan().SequenceEqual(expected))
            throw new ContractException($"{what} came back as other bytes ({found.Length} instead of {expected.Length}).");
    }

    private async Task CheckGoneAsync(string key, string what)
    {
        if (await GetAsync(key).ConfigureAwait(false) is { } found) throw new ContractException($"{what} was found ({found.Length} bytes).");
    }

    private Task SetAsync(string key, byte[] value) => Store.SetAsync(key, value, s_minute, CancellationToken.None).AsTask().WaitAsync(s_patience);

    private Task<byte[]?> GetAsync(string key) => Store.GetAsync(key, CancellationToken.None).AsTask().WaitAsync(s_patience);

    private Task RemoveAsync(string key) => Store.RemoveAsync(key, CancellationToken.None).AsTask().WaitAsync(s_patience);

    private static string NewKey() => "contract-" + Guid.NewGuid().ToString("N");

    private static byte[] Bytes(int length, int seed)
    {
        byte[] bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }
}
