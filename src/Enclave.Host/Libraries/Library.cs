using System.Security.Cryptography;
using System.Text;

namespace Enclave;

/// <summary>A program that every job of a host finds evaluated, as a frozen global (docs/libraries.md).</summary>
/// <example>
/// <code>
/// var options = new EnclaveOptions { Libraries = [Library.FromFile("dayjs", "dayjs.min.js")] };
/// await using var enclave = new EnclaveHost(options);
/// ExecutionResult result = await enclave.RunAsync("return dayjs('2026-01-31').add(1, 'month').format('YYYY-MM-DD')");
/// </code>
/// </example>
public sealed class Library
{
    private const int MaxHashed = 64 << 20;

    private static readonly UTF8Encoding s_utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Creates a library from text. The host checks if it can be used.</summary>
    /// <param name="name">The global that it becomes.</param>
    /// <param name="source">A bundle: CommonJS, UMD, or a script that declares a variable of this name.</param>
    /// <param name="sha256">The expected SHA-256 of the source in UTF-8, as 64 hexadecimal digits; null for any.</param>
    /// <exception cref="ArgumentException">The source is not valid Unicode, or has another hash.</exception>
    public Library(string name, string source, string? sha256 = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(source);
        (Name, Source) = (name, source);
        try
        {
            Bytes = s_utf8.GetByteCount(source);
        }
        catch (EncoderFallbackException fault)
        {
            string where = $"half of a surrogate pair stands at character {fault.Index}";
            throw new ArgumentException($"Library {Shown(name)} is not Unicode text: {where}.", nameof(source), fault);
        }

        // A text that is too large for any host is not hashed, because that could take any time.
        Sha256 = Bytes <= MaxHashed ? Convert.ToHexStringLower(SHA256.HashData(s_utf8.GetBytes(source))) : "";
        if (sha256 is not null && !sha256.Equals(Sha256, StringComparison.OrdinalIgnoreCase))
        {
            string meant = sha256.Length <= 100 ? sha256 : sha256[..100] + "…";
            throw new ArgumentException($"Library {Shown(name)} has the SHA-256 {Sha256}, not {meant}: it is another file than was meant.", nameof(sha256));
        }
    }

    internal Library(Library same, string? description, string? typeScript) =>
        (Name, Source, Sha256, Bytes, Description, TypeScript) = (same.Name, same.Source, same.Sha256, same.Bytes, description, typeScript);

    /// <summary>A library of the host's own, which another text may replace where this hash stays.</summary>
    internal Library(Library same, string sha256) : this(same, null, null) => Sha256 = sha256;

    /// <summary>The global that it becomes.</summary>
    public string Name { get; }

    /// <summary>Its text.</summary>
    public string Source { get; }

    /// <summary>SHA-256 of its text in UTF-8, as 64 lowercase hexadecimal digits; empty if it is too large for any host.</summary>
    public string Sha256 { get; }

    /// <summary>Its purpose in one line, for <c>DescribeForModel</c>. Default: null.</summary>
    public string? Description { get; init; }

    /// <summary>Its TypeScript type, for <c>DescribeForModel</c>. Default: null, <c>any</c>.</summary>
    /// <remarks>For example <c>typeof import('dayjs')</c>, or <c>{ add(a: number, b: number): number }</c>.</remarks>
    public string? TypeScript { get; init; }

    /// <summary>Its length in UTF-8.</summary>
    internal int Bytes { get; }

    /// <summary>A library from a file of UTF-8.</summary>
    /// <param name="name">The global that it becomes.</param>
    /// <param name="path">The file.</param>
    /// <param name="sha256">The expected SHA-256 of the file, as 64 hexadecimal digits; null for any.</param>
    /// <exception cref="ArgumentException">The file has another hash.</exception>
    /// <exception cref="InvalidDataException">The file is larger than a library may be, or is not UTF-8.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static Library FromFile(string name, string path, string? sha256 = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        using FileStream file = File.OpenRead(path);
        byte[] bytes = new byte[Protocol.ProtocolLimits.LibrarySourceBytes + 1];
        int length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        if (length == bytes.Length) throw new InvalidDataException($"{path} is larger than {length - 1} bytes, the most that a library may have.");
        try
        {
            // The byte order mark stays: it is white space in a program, and the hash covers it.
            return new Library(name, s_utf8.GetString(bytes, 0, length), sha256);
        }
        catch (DecoderFallbackException fault)
        {
            throw new InvalidDataException($"{path} is not UTF-8 at byte {fault.Index}.", fault);
        }
    }

    private static string Shown(string name) => $"\"{(name.Length <= 100 ? name : name[..100] + "…")}\"";
}
