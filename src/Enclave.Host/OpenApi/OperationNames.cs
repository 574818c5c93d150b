using Enclave.Schemas;

namespace Enclave.OpenApi;

/// <summary>Names of tools for the operations of a service: what the document calls them, else method and path. The same whatever else is in the document, but for two that are called alike.</summary>
internal sealed class OperationNames(string service, List<ReadOperation> operations)
{
    private const int MaxCharacters = 150;

    /// <exception cref="OpenApiException">Two operations would have one name.</exception>
    public IEnumerable<(string Name, ReadOperation Operation)> All()
    {
        // One that shares its name has none: which of them came first would be nobody's choice.
        HashSet<string> shared = [.. operations.Where((operation) => operation.Known.OperationId is not null).GroupBy((operation) => Letters(operation.Known.OperationId!)).Where((alike) => alike.Count() > 1).Select((alike) => alike.Key)];
        var taken = new Dictionary<string, OpenApiOperation>(StringComparer.Ordinal);
        foreach (ReadOperation operation in operations)
        {
            string? own = operation.Known.OperationId is { } id && Letters(id) is { Length: > 0 } letters && !shared.Contains(letters) ? letters : null;
            string name = $"{service}:{own ?? Letters($"{operation.Known.Method.ToLowerInvariant()}{operation.Known.Path}")}";
            if (!taken.TryAdd(name, operation.Known)) throw new OpenApiException($"{taken[name]} and {operation.Known} would both be {name}: give them an operationId each, or leave one out (Include)");
            yield return (name, operation);
        }
    }

    /// <summary>What a tool's name may have, and an underline for each stretch of anything else.</summary>
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
