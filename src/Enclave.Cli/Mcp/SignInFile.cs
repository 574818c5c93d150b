using System.Runtime.InteropServices;
using System.Text.Json;
using Enclave.Cli.Commands;
using Microsoft.Win32.SafeHandles;
using ModelContextProtocol.Authentication;

namespace Enclave.Cli.Mcp;

/// <summary>Sign-ins that outlive a process: a JSON file with the tokens of each server, which only its owner may read.</summary>
/// <remarks>Others may write to its folder: no link is followed, no file of another user is read, and a new file is written under a name of its own.</remarks>
internal sealed partial class SignInFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const int MaxBytes = 1 << 20;

    // O_NONBLOCK, O_NOFOLLOW and O_CLOEXEC of <fcntl.h>, ENOENT and ELOOP of <errno.h>. A pipe under the name must not hold the process.
    private const int ReadOnly = 0x800 | 0x20000 | 0x80000, NoEntry = 2, IsLink = 40;

    // struct stat of x86-64: mode at 24, owner at 28; S_IFMT, S_IFREG and the bits of group and others of <sys/stat.h>.
    private const int StatBytes = 144, ModeAt = 24, OwnerAt = 28, TypeBits = 0xF000, RegularFile = 0x8000, OfOthers = 0x3F;

    private readonly string _path;
    private readonly Lock _gate = new();

    /// <exception cref="UsageException">The file cannot be used.</exception>
    public SignInFile(string path)
    {
        _path = Path.GetFullPath(path);
        _ = Read();
    }

    /// <summary>The tokens of one server.</summary>
    public ITokenCache Of(string server, Uri address) => new Entry(this, $"{server} {address}");

    private Dictionary<string, TokenContainer> Read()
    {
        try
        {
            using SafeFileHandle? handle = Open();
            if (handle is null) return new(StringComparer.Ordinal);
            using var file = new FileStream(handle, FileAccess.Read);
            if (file.Length > MaxBytes) throw new UsageException($"--sign-ins {_path} is larger than {MaxBytes} bytes.");
            return JsonSerializer.Deserialize(file, SignInJson.Default.DictionaryStringTokenContainer) ?? new(StringComparer.Ordinal);
        }
        catch (Exception wrong) when (wrong is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"--sign-ins {_path} cannot be read: {wrong.Message}");
        }
    }

    /// <summary>Opens the file and checks what was opened; null if there is none.</summary>
    /// <exception cref="UsageException">It is a link or no file, or others may use it.</exception>
    private unsafe SafeFileHandle? Open()
    {
        var handle = new SafeFileHandle(open(_path, ReadOnly), ownsHandle: true);
        if (handle.IsInvalid)
        {
            int error = Marshal.GetLastPInvokeError();
            handle.Dispose();
            return error switch
            {
                NoEntry => null,
                IsLink => throw new UsageException($"--sign-ins {_path} is a link. Remedy: name the file itself."),
                _ => throw new IOException(Marshal.GetPInvokeErrorMessage(error)),
            };
        }

        byte* stat = stackalloc byte[StatBytes];
        bool isRead = fstat((int)handle.DangerousGetHandle(), stat) == 0;
        (int mode, uint owner) = (*(int*)(stat + ModeAt), *(uint*)(stat + OwnerAt));
        string? wrong = !isRead || (mode & TypeBits) != RegularFile ? "is no file."
            : owner != geteuid() ? "belongs to another user, who could read the tokens. Remedy: name a file of your own."
            : (mode & OfOthers) != 0 ? $"may be used by others than its owner. Remedy: chmod 600 {_path}"
            : null;
        if (wrong is null) return handle;
        handle.Dispose();
        throw new UsageException($"--sign-ins {_path} {wrong}");
    }

    private void Write(string key, TokenContainer tokens)
    {
        lock (_gate)
        {
            // Another process may have written other servers' tokens meanwhile.
            Dictionary<string, TokenContainer> all = Read();
            all[key] = tokens;
            // The name cannot be guessed, and CreateNew opens neither a file that is there nor a link.
            string fresh = $"{_path}.{Guid.NewGuid():N}";
            var form = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows()) form.UnixCreateMode = OwnerOnly;
            try
            {
                using (var file = new FileStream(fresh, form))
                {
                    JsonSerializer.Serialize(file, all, SignInJson.Default.DictionaryStringTokenContainer);
                    file.Flush(flushToDisk: true);
                }

                File.Move(fresh, _path, overwrite: true);
            }
            catch
            {
                File.Delete(fresh);
                throw;
            }
        }
    }

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int open(string path, int flags);

    [LibraryImport("libc")]
    private static unsafe partial int fstat(int descriptor, byte* stat);

    [LibraryImport("libc")]
    private static partial uint geteuid();

    private sealed class Entry(SignInFile file, string key) : ITokenCache
    {
        private TokenContainer? _tokens = file.Read().GetValueOrDefault(key);

        public ValueTask StoreTokensAsync(TokenContainer tokens, CancellationToken cancellationToken)
        {
            Volatile.Write(ref _tokens, tokens);
            file.Write(key, tokens);
            return ValueTask.CompletedTask;
        }

        public ValueTask<TokenContainer?> GetTokensAsync(CancellationToken cancellationToken) => new(Volatile.Read(ref _tokens));
    }
}
