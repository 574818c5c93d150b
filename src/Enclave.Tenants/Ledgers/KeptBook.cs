using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Enclave.Tenants.Quotas;
using Microsoft.Win32.SafeHandles;

namespace Enclave.Tenants.Ledgers;

/// <summary>A book as this process knows it, and its file while this process holds it.</summary>
/// <param name="name">The name of its file.</param>
internal sealed class KeptBook(string name) : IDisposable
{
    private const int NumberDigits = 20, MaxBytes = 64 << 20;

    private long _number = -1;

    /// <summary>The content of the book's file; empty if it is unknown.</summary>
    private byte[] _written = [];

    public string Name => name;

    /// <summary>Lets one caller of this process in at a time.</summary>
    public SemaphoreSlim Gate { get; } = new(1, 1);

    /// <summary>The number of callers that use the book, or wait for it.</summary>
    public int Users { get; set; }

    /// <summary>The open file while this process holds the book; null otherwise.</summary>
    public SafeFileHandle? Held { get; set; }

    /// <summary>When it was used last, in milliseconds of <see cref="Environment.TickCount64"/>.</summary>
    public long Used { get; set; }

    /// <summary>The time until which each use opens the file anew, because another process uses the book too.</summary>
    public long SharedUntil { get; set; }

    public QuotaBook Book { get; private set; } = new();

    /// <summary>Reads what another process has written since.</summary>
    public void Refresh(SafeFileHandle file)
    {
        Span<byte> head = stackalloc byte[NumberDigits];
        long number = RandomAccess.Read(file, head, 0) == NumberDigits && Utf8Parser.TryParse(head, out long read, out _) ? read : 0;
        if (number == _number) return;
        (_number, Book, _written) = (number, new QuotaBook(), []);
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
            // The file is damaged, because the machine lost its power. The quotas begin anew with the use in the ledger.
            Book = new QuotaBook();
        }
    }

    /// <summary>Writes the book, if it has changed.</summary>
    public void Write(SafeFileHandle file)
    {
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(Book, BookJson.Default.QuotaBook);
        Book.HasBegun = false;
        if (json.AsSpan().SequenceEqual(_written) && _number > 0) return;
        byte[] bytes = new byte[NumberDigits + json.Length];
        Encoding.UTF8.GetBytes((_number + 1).ToString("D20", CultureInfo.InvariantCulture), bytes);
        json.CopyTo(bytes, NumberDigits);
        RandomAccess.Write(file, bytes, 0);
        if (RandomAccess.GetLength(file) > bytes.Length) RandomAccess.SetLength(file, bytes.Length);
        (_written, _number) = (json, _number + 1);
    }

    /// <summary>Drops a change in memory that was not written: the file is right.</summary>
    public void Undo() => (_number, _written) = (-1, []);

    public void Dispose()
    {
        Held?.Dispose();
        Gate.Dispose();
    }
}
