using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace Enclave.Analyzers;

/// <summary>Names the member, the value or the parameter that users of the documented JavaScript product look for, where their code does not compile.</summary>
/// <remarks>It says nothing of code that compiles. A name is looked up in a table first: only names of the table are bound.</remarks>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
internal sealed class PortingAnalyzer : DiagnosticAnalyzer
{
    /// <summary>The text that the code fix writes in the place of the diagnostic. It removes the additional locations.</summary>
    internal const string Fix = "fix";

    private const string Page = "docs/porting.md";

    private static readonly DiagnosticDescriptor s_name = Rule("ENCLAVE101", "A name of the JavaScript product", "{0} is {1} here");

    private static readonly DiagnosticDescriptor s_none = Rule("ENCLAVE102", "A name without a counterpart", "{0} is not needed here: {1}");

    private static readonly DiagnosticDescriptor s_value = Rule("ENCLAVE103", "A text or number in the place of a value", "{0} is written {1} here");

    private static readonly DiagnosticDescriptor s_handler =
        Rule("ENCLAVE104", "A tool handler without its context", "a tool handler has three parameters: async (name, args, context) => …");

    private static readonly DiagnosticDescriptor s_member =
        Rule("ENCLAVE105", "A member of a script's value", "a member of a script's value is read by its name: {0}");

    private static readonly ILookup<string, PortedName> s_names = PortedName.All.ToLookup((one) => one.Name, StringComparer.OrdinalIgnoreCase);

    /// <inheritdoc />
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [s_name, s_none, s_value, s_handler, s_member];

    /// <inheritdoc />
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterCompilationStartAction(static (start) =>
        {
            if (start.Compilation.GetTypeByMetadataName("Enclave.EnclaveHost") is null) return;
            start.RegisterSyntaxNodeAction(OnName, SyntaxKind.IdentifierName);
            start.RegisterSyntaxNodeAction(OnLiteral, SyntaxKind.StringLiteralExpression, SyntaxKind.NumericLiteralExpression);
            start.RegisterSyntaxNodeAction(OnLambda, SyntaxKind.ParenthesizedLambdaExpression);
        });
    }

    private static DiagnosticDescriptor Rule(string id, string title, string message) =>
        new(id, title, $"{message} ({Page})", "Enclave", DiagnosticSeverity.Error, isEnabledByDefault: true);

    private static void OnName(SyntaxNodeAnalysisContext context)
    {
        var name = (IdentifierNameSyntax)context.Node;
        string text = name.Identifier.ValueText;
        bool isMember = name.Parent is MemberAccessExpressionSyntax access && access.Name == name;
        // Only the names that pass this test are bound, because most names of a program do not matter here.
        bool isNamed = s_names.Contains(text), isSmall = char.IsLower(text.Length == 0 ? ' ' : text[0]);
        if (!isNamed && !isMember && !isSmall) return;
        ITypeSymbol? owner = null;
        bool hasOwner = true;
        switch (name.Parent)
        {
            case MemberAccessExpressionSyntax member when isMember:
                owner = context.SemanticModel.GetTypeInfo(member.Expression, context.CancellationToken).Type;
                break;
            case MemberBindingExpressionSyntax { Parent: ExpressionSyntax } binding:
                owner = binding.FirstAncestorOrSelf<ConditionalAccessExpressionSyntax>() is { } conditional
                    ? context.SemanticModel.GetTypeInfo(conditional.Expression, context.CancellationToken).Type : null;
                break;
            case AssignmentExpressionSyntax { Parent: InitializerExpressionSyntax initializer } assignment when assignment.Left == name:
                owner = OwnerOf(initializer, context);
                break;
            default:
                hasOwner = false;
                break;
        }

        if (hasOwner ? !IsOurs(owner) : !isNamed) return;
        bool isValue = owner is { Name: "ScriptValue" };
        if (!isValue && !isNamed && !isSmall) return;
        SymbolInfo bound = context.SemanticModel.GetSymbolInfo(name, context.CancellationToken);
        // A member that exists is a candidate if its arguments do not fit.
        if (!IsMissing(bound.Symbol, name) || bound.CandidateSymbols.Any((one) => !IsMissing(one, name))) return;
        if (s_names[text].FirstOrDefault((one) => IsOwner(one, owner)) is { } ported) Report(context, name, ported);
        else if (owner is not null && Members(owner).FirstOrDefault((one) => string.Equals(one.Name, text, StringComparison.OrdinalIgnoreCase)) is { } own)
            Report(context, s_name, name.Identifier.GetLocation(), own.Name, text, own.Name);
        else if (isValue && isMember) Report(context, s_member, name.Identifier.GetLocation(), null, $"value[\"{text}\"]");
    }

    private static IEnumerable<ISymbol> Members(ITypeSymbol type)
    {
        for (ITypeSymbol? one = type; one is not null; one = one.BaseType)
        {
            foreach (ISymbol member in one.GetMembers().Where((member) => member.DeclaredAccessibility == Accessibility.Public)) yield return member;
        }

        foreach (ISymbol member in type.AllInterfaces.SelectMany((one) => one.GetMembers())) yield return member;
    }

    private static void Report(SyntaxNodeAnalysisContext context, IdentifierNameSyntax name, PortedName ported)
    {
        bool isNone = ported.Here.StartsWith("none: ", StringComparison.Ordinal);
        // `new` is there already.
        string here = name.Parent is ObjectCreationExpressionSyntax ? ported.Here.Replace("new ", "") : ported.Here;
        // A method without Async at its end has nothing to await.
        AwaitExpressionSyntax? await = ported.IsFix && name.Parent?.Parent is InvocationExpressionSyntax { Parent: AwaitExpressionSyntax waits }
            && name.Identifier.ValueText.EndsWith("Async", StringComparison.Ordinal) && !here.EndsWith("Async", StringComparison.Ordinal) ? waits : null;
        Report(
            context, isNone ? s_none : s_name, name.Identifier.GetLocation(), ported.IsFix ? here : null, await?.AwaitKeyword.FullSpan,
            name.Identifier.ValueText, isNone ? ported.Here.Substring("none: ".Length) : await is null ? here : $"{here}, without await,");
    }

    private static void OnLiteral(SyntaxNodeAnalysisContext context)
    {
        var literal = (LiteralExpressionSyntax)context.Node;
        ExpressionSyntax? other = literal.Parent switch
        {
            AssignmentExpressionSyntax assignment when assignment.Right == literal => assignment.Left,
            BinaryExpressionSyntax { RawKind: (int)SyntaxKind.EqualsExpression or (int)SyntaxKind.NotEqualsExpression } equality =>
                equality.Left == literal ? equality.Right : equality.Left,
            _ => null,
        };
        if (other is null || context.SemanticModel.GetTypeInfo(other, context.CancellationToken).Type is not { } wanted) return;
        if (wanted is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable) wanted = nullable.TypeArguments[0];
        string? value = literal.Token.Value switch
        {
            string text when IsOurs(wanted) => ValueOf(wanted, text, context),
            // Only for our types: the unit of another library is unknown.
            int or long or double when wanted is { Name: "TimeSpan", ContainingNamespace.Name: "System" }
                && IsOurs(context.SemanticModel.GetSymbolInfo(other, context.CancellationToken).Symbol) => $"TimeSpan.FromMilliseconds({literal.Token.Text})",
            _ => null,
        };
        if (value is not null) Report(context, s_value, literal.GetLocation(), value, literal.Token.Text, value);
    }

    private static void OnLambda(SyntaxNodeAnalysisContext context)
    {
        var lambda = (ParenthesizedLambdaExpressionSyntax)context.Node;
        if (lambda is not { ParameterList.Parameters: { Count: 2 } parameters, Parent: AssignmentExpressionSyntax assignment }) return;
        if (assignment.Right != lambda || context.SemanticModel.GetTypeInfo(assignment.Left, context.CancellationToken).Type is not { Name: "ToolHandler" } type
            || !IsOurs(type)) return;
        string context3 = parameters[1].Type is null ? "context" : "ToolContext context";
        Report(context, s_handler, lambda.ParameterList.GetLocation(), $"({parameters[0]}, {parameters[1]}, {context3})");
    }

    /// <summary>The value of the type that the product's text names: STRICT, worker_threads, TIMEOUT.</summary>
    private static string? ValueOf(ITypeSymbol type, string text, SyntaxNodeAnalysisContext context)
    {
        string name = text.Replace("_", "").Replace("-", "");
        string here = type.ToMinimalDisplayString(context.SemanticModel, context.Node.SpanStart);
        ISymbol? value = type.GetMembers().FirstOrDefault((member) => member is { IsStatic: true, DeclaredAccessibility: Accessibility.Public }
            && member is IFieldSymbol or IPropertySymbol && string.Equals(member.Name, name, StringComparison.OrdinalIgnoreCase));
        return value is not null ? $"{here}.{value.Name}"
            : s_names[name].FirstOrDefault((one) => one.Owner == type.Name)?.Here;
    }

    private static ITypeSymbol? OwnerOf(InitializerExpressionSyntax initializer, SyntaxNodeAnalysisContext context) => initializer.Parent switch
    {
        AssignmentExpressionSyntax nested => context.SemanticModel.GetTypeInfo(nested.Left, context.CancellationToken).Type,
        ExpressionSyntax creation => context.SemanticModel.GetTypeInfo(creation, context.CancellationToken).Type,
        _ => null,
    };

    /// <summary>True for no symbol, and for the namespace where <c>new Enclave(…)</c> wants a type.</summary>
    private static bool IsMissing(ISymbol? symbol, IdentifierNameSyntax name) => symbol is null
        || (name.Parent is ObjectCreationExpressionSyntax && symbol is INamespaceSymbol or IErrorTypeSymbol);

    private static bool IsOwner(PortedName one, ITypeSymbol? owner) => owner is null
        ? one.Owner.Length == 0
        : IsOurs(owner) && (owner.Name == one.Owner || owner.AllInterfaces.Any((type) => type.Name == one.Owner && IsOurs(type)));

    private static bool IsOurs(ISymbol? symbol) => symbol?.ContainingAssembly?.Name.StartsWith("Enclave.", StringComparison.Ordinal) == true;

    private static void Report(SyntaxNodeAnalysisContext context, DiagnosticDescriptor rule, Location place, string? fix, params object[] words) =>
        Report(context, rule, place, fix, null, words);

    private static void Report(
        SyntaxNodeAnalysisContext context, DiagnosticDescriptor rule, Location place, string? fix, TextSpan? await, params object[] words)
    {
        ImmutableDictionary<string, string?> properties = ImmutableDictionary<string, string?>.Empty;
        if (fix is not null) properties = properties.Add(Fix, fix);
        Location[] also = await is { } span ? [Location.Create(context.Node.SyntaxTree, span)] : [];
        context.ReportDiagnostic(Diagnostic.Create(rule, place, also, properties, words));
    }
}
