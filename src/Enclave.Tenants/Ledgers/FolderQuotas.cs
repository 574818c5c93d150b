using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Enclave.Tenants.Quotas;
using Microsoft.Win32.SafeHandles;

namespace Enclave.Tenants.Ledgers;

/// <summary>
/// Keeps the books beside the ledger, a file for each tenant. A process has a file alone while it reads and changes it, so quotas hold over all processes that
/// share the ledger. A process does not read again the state that it wrote last: the number at the beginning of a file says whether another has written since.
/// </summary>
internal sealed class FolderQuotas(LedgerFiles files) : QuotaStore
{
    private const int NumberDigits = 20, MaxBytes = 64 << 20, MaxKept = 1000;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Kept> _kept = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public override async ValueTask<T> UseAsync<T>(
        string? tenant, bool withAll, Func<QuotaBook, QuotaBook?, T> use, CancellationToken cancellationToken)
    {
        if (!withAll) return await UseAsync(BookOf(tenant), (own) => use(own, null), cancellationToken).ConfigureAwait(false);
        // Always in this order. The second one is written first: a process that is killed between both leaves a reservation too many, not one too few.
        using Opened all = await OpenAsync(All, cancellationToken).ConfigureAwait(false);
        T result = await UseAsync(BookOf(tenant), (own) => use(own, all.Book), cancellationToken).ConfigureAwait(false);
        all.Write();
        return result;
    }

    private async ValueTask<T> UseAsync<T>(string name, Func<QuotaBook, T> use, CancellationToken cancellationToken)
    {
        using Opened own = await OpenAsync(name, cancellationToken).ConfigureAwait(false);
        T result = use(own.Book);
        own.Write();
        return result;
    }

    private async ValueTask<Opened> OpenAsync(string name, CancellationToken cancellationToken)
    {
        Kept kept;
        lock (_gate)
        {
            if (!_kept.TryGetValue(name, out kept!))
            {
                if (_kept.Count >= MaxKept) Forget_NeedsLock();
                _kept[name] = kept = new Kept();
            }

            kept.Users++;
        }

        // Threads of this process wait here, and other processes at the file.
        SafeFileHandle? file = null;
        bool isEntered = false;
        try
        {
            await kept.Gate.WaitAsync(cancellationToken).ConfigureAwait(false);
            isEntered = true;
            file = await LoneFile.OpenAsync(PathOf(name), cancellationToken).ConfigureAwait(false);
            kept.Refresh(file);
            return new Opened(this, kept, file);
        }
        catch
        {
            file?.Dispose();
            Leave(kept, isEntered);
            throw;
        }
    }

    private void Leave(Kept kept, bool isEntered)
    {
        if (isEntered) kept.Gate.Release();
        lock (_gate) kept.Users--;
    }

    private void Forget_NeedsLock()
    {
        foreach ((string name, Kept kept) in _kept.Where((one) => one.Value.Users == 0).Take(MaxKept / 2).ToArray())
        {
            _kept.Remove(name);
            kept.Gate.Dispose();
        }
    }

    /// <summary>Names of tenants are not names of files.</summary>
    private string PathOf(string name) =>
        Path.Combine(files.Quotas, name == All ? "all.json" : $"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, 16))}.json");

    /// <summary>A book as this process knows it.</summary>
    private sealed class Kept
    {
        public SemaphoreSlim Gate { get; } = new(1, 1);

        /// <summary>Those who have it, or wait for it.</summary>
        public int Users { get; set; }

        public QuotaBook Book { get; private set; } = new();

        private long Number { get; set; } = -1;

        /// <summary>The book as the file has it; empty if it is not known.</summary>
        private byte[] Written { get; set; } = [];

        /// <summary>Reads what another process has written since.</summary>
        public void Refresh(SafeFileHandle file)
        {
            Span<byte> head = stackalloc byte[NumberDigits];
            long number = RandomAccess.Read(file, head, 0) == NumberDigits && Utf8Parser.TryParse(head, out long read, out _) ? read : 0;
            if (number == Number) return;
            (Number, Book, Written) = (number, new QuotaBook(), []);
            long length = RandomAccess.GetLength(file);
            if (number == 0) return;
            if (length > MaxBytes) throw new IOException($"a book of quotas has {length} bytes; at most {MaxBytes} are read");
            byte[] bytes = new byte[length];
            int have = RandomAccess.Read(file, bytes, 0);
            try
            {
                Book = JsonSerializer.Deserialize(bytes.AsSpan(NumberDigits, have - NumberDigits), BookJson.Default.QuotaBook) ?? new QuotaBook();
            }
            catch (JsonException)
            {
                // Torn by a machine that lost its power. The ledger says what was used: the quotas begin from there.
                Book = new QuotaBook();
            }
        }

        public void Write(SafeFileHandle file)
        {
            byte[] json = JsonSerializer.SerializeToUtf8Bytes(Book, BookJson.Default.QuotaBook);
            if (json.AsSpan().SequenceEqual(Written) && Number > 0) return;
            byte[] bytes = new byte[NumberDigits + json.Length];
            Encoding.UTF8.GetBytes((++Number).ToString("D20", System.Globalization.CultureInfo.InvariantCulture), bytes);
            json.CopyTo(bytes, NumberDigits);
            RandomAccess.Write(file, bytes, 0);
            if (RandomAccess.GetLength(file) > bytes.Length) RandomAccess.SetLength(file, bytes.Length);
            Written = json;
        }

        /// <summary>Drops a change in memory that was not written: the file is right.</summary>
        public void Undo() => (Number, Written) = (-1, []);
    }

    /// <summary>A book that this process has alone.</summary>
    private sealed class Opened(FolderQuotas owner, Kept kept, SafeFileHandle file) : IDisposable
    {
        private bool _isWritten;

        public QuotaBook Book => kept.Book;

        public void Write()
        {
            kept.Write(file);
            _isWritten = true;
        }

        public void Dispose()
        {
            if (!_isWritten) kept.Undo();
            file.Dispose();
            owner.Leave(kept, isEntered: true);
        }
    }
}
