using Enclave.Cli.Parse.Estree;
using Enclave.JavaScript;
using Enclave.JavaScript.Printing;

namespace Enclave.Cli.Parse;

/// <summary>The options of one <c>enclave parse</c>.</summary>
internal sealed record ParseRequest
{
    public required IReadOnlyList<string> Files { get; init; }

    public required ParseView View { get; init; }

    public required ParserOptions Options { get; init; }

    public required EstreePositions Positions { get; init; }

    public required PrinterOptions Style { get; init; }

    public required bool Json { get; init; }
}
