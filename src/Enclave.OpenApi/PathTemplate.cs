using System.Buffers;
using System.Collections.Immutable;
using Enclave.Schemas;

namespace Enclave.OpenApi;

/// <summary>A path with placeholders for parameters, as in <c>/pets/{petId}/photos</c>.</summary>
internal sealed class PathTemplate
{
    /// <summary>Characters that a path may contain unencoded (RFC 3986, pchar), without the percent sign: nothing in it is encoded yet.</summary>
    private static readonly SearchValues<char> s_literal = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$&'()*+,;=:@/");

    // A literal, or the name of a parameter.
    private readonly ImmutableArray<(string Text, bool IsParameter)> _pieces;

    private PathTemplate(ImmutableArray<(string Text, bool IsParameter)> pieces) => _pieces = pieces;

    /// <summary>The names of its parameters.</summary>
    public IEnumerable<string> Parameters => _pieces.Where((piece) => piece.IsParameter).Select((piece) => piece.Text);

    /// <summary>Parses a path. Null if it cannot be filled in unambiguously.</summary>
    public static PathTemplate? Parse(string path)
    {
        if (path.Length is 0 or > OpenApiLimits.AddressCharacters || path[0] != '/') return null;
        // Documents distinguish operations of one path by fragments, which requests do not have.
        path = path.Split('#')[0];
        var pieces = ImmutableArray.CreateBuilder<(string, bool)>();
        for (int at = 0; at < path.Length;)
        {
            bool isParameter = path[at] == '{';
            int end = isParameter ? path.IndexOf('}', at) : path.IndexOf('{', at);
            if (end < 0 && isParameter) return null;
            string text = isParameter ? path[(at + 1)..end] : end < 0 ? path[at..] : path[at..end];
            if (isParameter ? text.Length == 0 || text.AsSpan().ContainsAny('{', '/') : text.AsSpan().ContainsAnyExcept(s_literal)) return null;
            pieces.Add((text, isParameter));
            at = isParameter ? end + 1 : end < 0 ? path.Length : end;
        }

        var template = new PathTemplate(pieces.ToImmutable());
        return template.With((_) => "x") is null ? null : template;
    }

    /// <summary>The path with encoded values. Null if a value would make one of its segments empty, <c>.</c> or <c>..</c>, which leads elsewhere.</summary>
    public string? With(Func<string, string> value)
    {
        string[] values = [.. _pieces.Select((piece) => piece.IsParameter ? value(piece.Text) : piece.Text)];
        if (_pieces.Zip(values).Any((piece) => piece.First.IsParameter && piece.Second.Length == 0)) return null;
        string path = string.Concat(values);
        return path.Split('/').Any((step) => step is "." or "..") ? null : path;
    }
}
