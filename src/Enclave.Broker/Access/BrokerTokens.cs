using System.Security.Cryptography;
using System.Text;

namespace Enclave.Broker.Access;

/// <summary>The bearer tokens that the broker accepts. Each identifies one client. Only hashes are kept.</summary>
public sealed class BrokerTokens
{
    /// <summary>Shorter tokens can be guessed.</summary>
    private const int MinCharacters = 16;

    private const int MaxCharacters = 4096;

    /// <summary>The role of clients whose token was added with <see cref="AddOperator"/>, for <c>RequireRole</c>.</summary>
    public const string OperatorRole = "enclave-operator";

    /// <summary>The name of their authentication scheme, for applications that have further ones.</summary>
    public const string Scheme = "EnclaveToken";

    private readonly List<(byte[] Hash, string Owner, string? Tenant, bool IsOperator)> _known = [];

    /// <summary>The number of tokens.</summary>
    public int Count => _known.Count;

    /// <summary>Adds a token.</summary>
    /// <param name="token">The secret: 16 to 4,096 characters, random ones.</param>
    /// <param name="owner">The client's name. Its sessions belong to it.</param>
    /// <param name="tenant">The tenant that its runs count for; null for the client's name.</param>
    /// <returns>These tokens.</returns>
    /// <exception cref="ArgumentException">The token is too short or too long.</exception>
    public BrokerTokens Add(string token, string owner, string? tenant = null)
    {
        _known.Add((Checked(token, owner), owner, tenant, false));
        return this;
    }

    /// <summary>Adds the token of an operator: a client that also has the role <see cref="OperatorRole"/>.</summary>
    /// <param name="token">The secret: 16 to 4,096 characters, random ones.</param>
    /// <param name="name">The operator's name, and the owner of sessions that this token opens.</param>
    /// <returns>These tokens.</returns>
    /// <exception cref="ArgumentException">The token is too short or too long.</exception>
    public BrokerTokens AddOperator(string token, string name)
    {
        _known.Add((Checked(token, name), name, null, true));
        return this;
    }

    /// <summary>
    /// Adds the tokens of a file, one per line: the token, or <c>owner token</c>, or
    /// <c>owner tenant token</c>. Blank lines and lines that begin with # are skipped.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <returns>These tokens.</returns>
    /// <exception cref="InvalidDataException">A line is none of these, or the file has no token. The message names file and line, never the token.</exception>
    public BrokerTokens AddFile(string path) =>
        AddFile(path, 3, (words, number) => Add(words[^1], words.Length > 1 ? words[0] : $"token-{number}", words.Length > 2 ? words[1] : null));

    /// <summary>Adds the operators of a file, one per line: the token, or <c>name token</c>. Blank lines and lines that begin with # are skipped.</summary>
    /// <param name="path">The file.</param>
    /// <returns>These tokens.</returns>
    /// <exception cref="InvalidDataException">A line is neither, or the file has no token. The message names file and line, never the token.</exception>
    public BrokerTokens AddOperatorFile(string path) =>
        AddFile(path, 2, (words, number) => AddOperator(words[^1], words.Length > 1 ? words[0] : $"operator-{number}"));

    private BrokerTokens AddFile(string path, int mostWords, Action<string[], int> add)
    {
        int number = 0, before = Count;
        foreach (string line in File.ReadLines(path))
        {
            number++;
            string[] words = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (words.Length == 0 || words[0].StartsWith('#')) continue;
            if (words.Length > mostWords) throw new InvalidDataException($"{path}, line {number}: expected a token, " +
                $"or {(mostWords == 2 ? "a name and a token" : "an owner and a token, or an owner, a tenant and a token")}.");
            try
            {
                add(words, number);
            }
            catch (ArgumentException fault)
            {
                throw new InvalidDataException($"{path}, line {number}: {fault.Message}", fault);
            }
        }

        if (Count == before) throw new InvalidDataException($"{path} contains no token: add one, for example the output of `openssl rand -hex 32`.");
        return this;
    }

    /// <summary>Finds the client that a token belongs to; null if the token is unknown. Every lookup takes the same time.</summary>
    internal (string Owner, string? Tenant, bool IsOperator)? Find(ReadOnlySpan<char> token)
    {
        if (token.Length > MaxCharacters) return null;
        byte[] hash = Hash(token.ToString());
        (string Owner, string? Tenant, bool IsOperator)? found = null;
        foreach ((byte[] known, string owner, string? tenant, bool isOperator) in _known)
        {
            if (CryptographicOperations.FixedTimeEquals(hash, known)) found = (owner, tenant, isOperator);
        }

        return found;
    }

    private static byte[] Checked(string token, string owner)
    {
        ArgumentNullException.ThrowIfNull(token);
        ArgumentException.ThrowIfNullOrEmpty(owner);
        if (token.Length is < MinCharacters or > MaxCharacters) throw new ArgumentException(
            $"A token has {MinCharacters} to {MaxCharacters} characters; this one has {token.Length}. `openssl rand -hex 32` makes a good one.", nameof(token));
        return Hash(token);
    }

    private static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
