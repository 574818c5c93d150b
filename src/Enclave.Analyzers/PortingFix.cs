using System.Collections.Immutable;
using System.Composition;
using System.Linq;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Text;

namespace Enclave.Analyzers;

/// <summary>Writes the name, the value or the parameters that <see cref="PortingAnalyzer"/> found.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
internal sealed class PortingFix : CodeFixProvider
{
    /// <inheritdoc />
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ["ENCLAVE101", "ENCLAVE103", "ENCLAVE104"];

    /// <inheritdoc />
    public override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    /// <inheritdoc />
    public override Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        foreach (Diagnostic diagnostic in context.Diagnostics)
        {
            if (!diagnostic.Properties.TryGetValue(PortingAnalyzer.Fix, out string? text) || text is null) continue;
            TextChange[] changes =
            [
                .. diagnostic.AdditionalLocations.Select((one) => new TextChange(one.SourceSpan, "")),
                new TextChange(diagnostic.Location.SourceSpan, text),
            ];
            context.RegisterCodeFix(
                CodeAction.Create(
                    $"Write {text}",
                    async (token) =>
                    {
                        SourceText source = await context.Document.GetTextAsync(token).ConfigureAwait(false);
                        return context.Document.WithText(source.WithChanges(changes));
                    },
                    text),
                diagnostic);
        }

        return Task.CompletedTask;
    }
}
