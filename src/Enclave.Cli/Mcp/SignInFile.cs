using System.Text.Json;
using Enclave.Cli.Commands;
using ModelContextProtocol.Authentication;

namespace Enclave.Cli.Mcp;

/// <summary>Sign-ins that outlive a process: a JSON file with the tokens of each server, which only its owner may read.</summary>
internal sealed class SignInFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const int MaxBytes = 1 << 20;

    private static readonly JsonSerializerOptions s_form = new() { WriteIndented = true };

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
            var file = new FileInfo(_path);
            if (!file.Exists) return new(StringComparer.Ordinal);
            if ((file.UnixFileMode & ~(OwnerOnly | UnixFileMode.UserExecute)) != 0)
                throw new UsageException($"--sign-ins {_path}: others than its owner may use the file. Remedy: chmod 600 {_path}");
            if (file.Length > MaxBytes) throw new UsageException($"--sign-ins {_path} is larger than {MaxBytes} bytes.");
            return JsonSerializer.Deserialize<Dictionary<string, TokenContainer>>(File.ReadAllBytes(_path)) ?? new(StringComparer.Ordinal);
        }
        catch (Exception wrong) when (wrong is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"--sign-ins {_path} cannot be read: {wrong.Message}");
        }
    }

    private void Write(string key, TokenContainer tokens)
    {
        lock (_gate)
        {
            // Another process may have written other servers' tokens meanwhile.
            Dictionary<string, TokenContainer> all = Read();
            all[key] = tokens;
            string fresh = $"{_path}.{Environment.ProcessId}";
            var form = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows()) form.UnixCreateMode = OwnerOnly;
            using (var file = new FileStream(fresh, form)) JsonSerializer.Serialize(file, all, s_form);
            File.Move(fresh, _path, overwrite: true);
        }
    }

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
