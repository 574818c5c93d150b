using Microsoft.Extensions.Configuration;

namespace Enclave.Configuration;

/// <summary>A credential from configuration: <c>Bearer NAME</c>, <c>Basic NAME</c>, <c>Header X-Api-Key NAME</c> or <c>Query api_key NAME</c>.</summary>
internal static class ConfiguredCredential
{
    /// <summary>Null if something is wrong; the faults then say what. They never repeat the text, because it may be the secret itself.</summary>
    public static HttpCredential? Read(IConfigurationSection section, ICollection<string> faults)
    {
        string[] words = section.Value?.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];
        try
        {
            return words switch
            {
                ["Bearer", var secret] => HttpCredential.Bearer(secret),
                ["Basic", var secret] => HttpCredential.Basic(secret),
                ["Header", var name, var secret] => HttpCredential.Header(name, secret),
                ["Query", var name, var secret] => HttpCredential.Query(name, secret),
                _ => Fault(null),
            };
        }
        catch (ArgumentException)
        {
            return Fault(" with a valid header and the name of a secret, not its value");
        }

        HttpCredential? Fault(string? why)
        {
            faults.Add($"{section.Path} is not a credential: write Bearer NAME, Basic NAME, Header X-Api-Key NAME or Query api_key NAME{why}");
            return null;
        }
    }
}
