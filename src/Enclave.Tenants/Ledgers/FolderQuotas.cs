using System.Security.Cryptography;
using System.Text;
using Enclave.Tenants.Quotas;
using Microsoft.Win32.SafeHandles;

namespace Enclave.Tenants.Ledgers;

// Held books. A process that uses a book holds its file, and changes the book in memory only: a run costs no call of the system. Its journal has what the file
// lacks (RowJournal). Another process that needs the book puts a file of its name into `wanted`, for which the holder looks every 10 ms: it writes the book and
// leaves it. For 2 s from then on both open, read and write the file for each use. So the quotas of all processes are exact at each moment.

/// <summary>Keeps the books beside the ledger, a file for each tenant. A process has a file alone while it changes it.</summary>
/// <param name="files">The ledger.</param>
/// <param name="failed">Called each time with the reason why a book could not be written.</param>
internal sealed class FolderQuotas(LedgerFiles files, Action<Exception> failed) : QuotaStore, IAsyncDisposable
{
    private const int MaxKept = 1000, MaxHeld = 250;

    private const long SharedMilliseconds = 2000, IdleMilliseconds = 1000;

    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(10);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, KeptBook> _kept = new(StringComparer.Ordinal);
    private readonly HashSet<KeptBook> _held = [];
    private Task? _looking;
    private bool _isClosed;

    /// <inheritdoc/>
    public override async ValueTask<T> UseAsync<T>(
        string? tenant, bool withAll, Func<QuotaBook, QuotaBook?, T> use, CancellationToken cancellationToken)
    {
        if (!withAll) return await UseAsync(BookOf(tenant), null, use, cancellationToken).ConfigureAwait(false);
        // Always in this order. The second one is written first: a process that is killed between both leaves a reservation too many, not one too few.
        Opened all = await OpenAsync(All, cancellationToken).ConfigureAwait(false);
        bool isWritten = false;
        try
        {
            T result = await UseAsync(BookOf(tenant), all.Book.Book, use, cancellationToken).ConfigureAwait(false);
            all.Write();
            isWritten = true;
            return result;
        }
        finally
        {
            Close(all, isWritten);
        }
    }

    /// <summary>Writes the books that this process holds. Returns false if one could not be written.</summary>
    public async Task<bool> FlushAsync()
    {
        bool isWritten = true;
        foreach (KeptBook book in Held()) isWritten &= await TryWriteAsync(book, leaves: false, isWanted: false).ConfigureAwait(false);
        return isWritten;
    }

    /// <summary>Writes the books that this process holds, and leaves them. Returns false if one could not be written.</summary>
    public async Task<bool> CloseAsync()
    {
        Task? looking;
        lock (_gate) (_isClosed, looking) = (true, _looking);
        if (looking is not null) await looking.ConfigureAwait(false);
        bool isWritten = true;
        foreach (KeptBook book in Held())
        {
            if (await TryWriteAsync(book, leaves: true, isWanted: false).ConfigureAwait(false)) continue;
            isWritten = false;
            book.Dispose();
        }

        return isWritten;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await CloseAsync().ConfigureAwait(false);

    private async ValueTask<T> UseAsync<T>(string name, QuotaBook? all, Func<QuotaBook, QuotaBook?, T> use, CancellationToken cancellationToken)
    {
        Opened own = await OpenAsync(name, cancellationToken).ConfigureAwait(false);
        bool isWritten = false;
        try
        {
            T result = use(own.Book.Book, all);
            own.Write();
            isWritten = true;
            return result;
        }
        finally
        {
            Close(own, isWritten);
        }
    }

    private async ValueTask<Opened> OpenAsync(string name, CancellationToken cancellationToken)
    {
        KeptBook book;
        lock (_gate)
        {
            if (!_kept.TryGetValue(name, out book!))
            {
                if (_kept.Count >= MaxKept) Forget_NeedsLock();
                _kept[name] = book = new KeptBook(FileOf(name));
            }

            book.Users++;
        }

        // Threads of this process wait here, and other processes at the file.
        SafeFileHandle? file = null;
        bool isEntered = false;
        try
        {
            await book.Gate.WaitAsync(cancellationToken).ConfigureAwait(false);
            isEntered = true;
            book.Used = Environment.TickCount64;
            if (book.Held is not null) return new Opened(book, null);
            file = await OpenFileAsync(book, cancellationToken).ConfigureAwait(false);
            book.Refresh(file);
            return TryHold(book, file) ? new Opened(book, null) : new Opened(book, file);
        }
        catch
        {
            file?.Dispose();
            Leave(book, isEntered);
            throw;
        }
    }

    private async ValueTask<SafeFileHandle> OpenFileAsync(KeptBook book, CancellationToken cancellationToken)
    {
        string path = Path.Combine(files.Quotas, book.Name), wanted = Path.Combine(files.Wanted, book.Name);
        if (LoneFile.TryOpen(path, FileMode.OpenOrCreate) is { } free) return free;
        book.SharedUntil = Environment.TickCount64 + SharedMilliseconds;
        int looks = 0;
        SafeFileHandle file = await LoneFile.OpenAsync(path, () =>
        {
            // A process that is only writing the book is done after two looks. Repeat the wish later, because a holder that gave the book to a third process
            // has removed it.
            if (looks++ % 20 == 2) File.WriteAllBytes(wanted, []);
        }, cancellationToken).ConfigureAwait(false);
        if (looks > 2) File.Delete(wanted);
        return file;
    }

    private bool TryHold(KeptBook book, SafeFileHandle file)
    {
        if (book.Used < book.SharedUntil) return false;
        lock (_gate)
        {
            if (_isClosed || _held.Count >= MaxHeld) return false;
            _held.Add(book);
            book.Held = file;
            _looking ??= Task.Run(LookAsync);
            return true;
        }
    }

    private KeptBook[] Held()
    {
        lock (_gate) return [.. _held];
    }

    /// <summary>Gives up the books that other processes want, and those that are not used any more. Runs while this process holds a book.</summary>
    private async Task LookAsync()
    {
        using var timer = new PeriodicTimer(s_look);
        while (await timer.WaitForNextTickAsync().ConfigureAwait(false))
        {
            lock (_gate)
            {
                if (_held.Count == 0 || _isClosed)
                {
                    _looking = null;
                    return;
                }
            }

            try
            {
                HashSet<string?> wanted = [.. Directory.EnumerateFiles(files.Wanted).Select((file) => Path.GetFileName(file))];
                long now = Environment.TickCount64;
                foreach (KeptBook book in Held())
                {
                    bool isWanted = wanted.Contains(book.Name);
                    if (isWanted || now - book.Used > IdleMilliseconds) await TryWriteAsync(book, leaves: true, isWanted).ConfigureAwait(false);
                }
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
            {
                failed(fault);
            }
        }
    }

    private async Task<bool> TryWriteAsync(KeptBook book, bool leaves, bool isWanted)
    {
        await book.Gate.WaitAsync().ConfigureAwait(false);
        try
        {
            if (book.Held is not { } file) return true;
            book.Write(file);
            if (!leaves) return true;
            if (isWanted)
            {
                File.Delete(Path.Combine(files.Wanted, book.Name));
                book.SharedUntil = Environment.TickCount64 + SharedMilliseconds;
            }

            book.Held = null;
            lock (_gate) _held.Remove(book);
            file.Dispose();
            return true;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            failed(fault);
            return false;
        }
        finally
        {
            book.Gate.Release();
        }
    }

    private void Close(in Opened opened, bool isWritten)
    {
        // The memory of a held book is right, its file is not.
        if (opened.File is not null && !isWritten) opened.Book.Undo();
        opened.File?.Dispose();
        Leave(opened.Book, isEntered: true);
    }

    private void Leave(KeptBook book, bool isEntered)
    {
        if (isEntered) book.Gate.Release();
        lock (_gate) book.Users--;
    }

    private void Forget_NeedsLock()
    {
        foreach ((string name, KeptBook book) in _kept.Where((one) => one.Value.Users == 0 && !_held.Contains(one.Value)).Take(MaxKept / 2).ToArray())
        {
            _kept.Remove(name);
            book.Dispose();
        }
    }

    /// <summary>Names of tenants are not names of files.</summary>
    private static string FileOf(string name) =>
        name == All ? "all.json" : $"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, 16))}.json";

    /// <summary>A book that the caller has alone.</summary>
    /// <param name="Book">The book.</param>
    /// <param name="File">Its file; null if this process holds it.</param>
    private readonly record struct Opened(KeptBook Book, SafeFileHandle? File)
    {
        public void Write()
        {
            if ((File ?? (Book.Book.HasBegun ? Book.Held : null)) is { } file) Book.Write(file);
        }
    }
}
