using Enclave.Schemas;

namespace Enclave.OpenApi;

/// <summary>
/// Makes tool names for the operations of a service: the document's name, or else method and path. A name does
/// not depend on the other operations, except if two share a name.
/// </summary>
internal sealed class OperationNames(string service, List<ReadOperation> operations)
{
    private const int MaxCharacters = 150;

    /// <exception cref="OpenApiException">Two operations would have the same name.</exception>
    public IEnumerable<(string Name, ReadOperation Operation)> All()
    {
        // A name that several operations share is used for none of them, because the order of operations is arbitrary.
        HashSet<string> shared = [.. operations.Where((operation) => operation.Known.OperationId is not null)
            .GroupBy((operation) => Letters(operation.Known.OperationId!)).Where((alike) => alike.Count() > 1).Select((alike) => alike.Key)];
        var taken = new Dictionary<string, OpenApiOperation>(StringComparer.Ordinal);
        foreach (ReadOperation operation in operations)
        {
            string? own = operation.Known.OperationId is { } id && Letters(id) is { Length: > 0 } letters && !shared.Contains(letters)
                && !OperationReader.IsEngineName(letters) ? letters : null;
            string name = $"{service}:{own ?? Letters($"{operation.Known.Method.ToLowerInvariant()}{operation.Known.Path}")}";
            if (!taken.TryAdd(name, operation.Known)) throw new OpenApiException(
                $"{taken[name]} and {operation.Known} would both be {name}: give them an operationId each, or leave one out (Include)");
            yield return (name, operation);
        }
    }

    /// <summary>Keeps the characters that a tool's name may have, and replaces each run of others with an underscore.</summary>
    private static string Letters(string text)
    {
        var letters = new System.Text.StringBuilder();
        foreach (char letter in text.AsSpan(0, Math.Min(text.Length, MaxCharacters)))
        {
            if (char.IsAsciiLetterOrDigit(letter) || letter is '-') letters.Append(letter);
            else if (letters.Length > 0 && letters[^1] != '_') letters.Append('_');
        }

        return letters.ToString().Trim('_');
    }
}
