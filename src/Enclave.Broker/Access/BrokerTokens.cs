using System.Security.Cryptography;
using System.Text;

namespace Enclave.Broker.Access;

/// <summary>The bearer tokens that open the broker, each a client of its own. Kept as hashes only.</summary>
public sealed class BrokerTokens
{
    /// <summary>Shorter ones can be guessed.</summary>
    private const int MinCharacters = 16;

    private const int MaxCharacters = 4096;

    private readonly List<(byte[] Hash, string Owner, string? Tenant)> _known = [];

    /// <summary>The number of tokens.</summary>
    public int Count => _known.Count;

    /// <summary>Adds a token.</summary>
    /// <param name="token">The secret: 16 to 4,096 characters, random ones.</param>
    /// <param name="owner">The client's name: who its sessions belong to.</param>
    /// <param name="tenant">The tenant that its runs count for; null for the client's name.</param>
    /// <returns>These tokens.</returns>
    /// <exception cref="ArgumentException">The token is too short or too long.</exception>
    public BrokerTokens Add(string token, string owner, string? tenant = null)
    {
        ArgumentNullException.ThrowIfNull(token);
        ArgumentException.ThrowIfNullOrEmpty(owner);
        if (token.Length is < MinCharacters or > MaxCharacters) throw new ArgumentException($"A token has {MinCharacters} to {MaxCharacters} characters; this one has {token.Length}. `openssl rand -hex 32` makes a good one.", nameof(token));
        _known.Add((Hash(token), owner, tenant));
        return this;
    }

    /// <summary>Adds the tokens of a file, one a line: the token, or <c>owner token</c>, or <c>owner tenant token</c>. Blank lines and lines that begin with # are passed over.</summary>
    /// <param name="path">The file.</param>
    /// <returns>These tokens.</returns>
    /// <exception cref="InvalidDataException">A line is none of these, or the file has no token. The message names file and line, never the token.</exception>
    public BrokerTokens AddFile(string path)
    {
        int number = 0, before = Count;
        foreach (string line in File.ReadLines(path))
        {
            number++;
            string[] words = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (words.Length == 0 || words[0].StartsWith('#')) continue;
            if (words.Length > 3) throw new InvalidDataException($"{path}, line {number}: a line is a token, or an owner and a token, or an owner, a tenant and a token.");
            try
            {
                Add(words[^1], words.Length > 1 ? words[0] : $"token-{number}", words.Length > 2 ? words[1] : null);
            }
            catch (ArgumentException fault)
            {
                throw new InvalidDataException($"{path}, line {number}: {fault.Message}", fault);
            }
        }

        if (Count == before) throw new InvalidDataException($"{path} has no token: write one into it, for example of `openssl rand -hex 32`.");
        return this;
    }

    /// <summary>Whose token this is; null when it is nobody's. Takes as long for one as for the other.</summary>
    internal (string Owner, string? Tenant)? Find(ReadOnlySpan<char> token)
    {
        if (token.Length > MaxCharacters) return null;
        byte[] hash = Hash(token.ToString());
        (string Owner, string? Tenant)? found = null;
        foreach ((byte[] known, string owner, string? tenant) in _known)
        {
            if (CryptographicOperations.FixedTimeEquals(hash, known)) found = (owner, tenant);
        }

        return found;
    }

    private static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
