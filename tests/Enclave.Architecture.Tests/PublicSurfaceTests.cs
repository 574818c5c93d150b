using System.Reflection;
using Enclave.Guard;
using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Parsing;
using Enclave.Protocol;
using Enclave.Tests;

namespace Enclave.Architecture.Tests;

/// <summary>The public types of the library, by name: one more is a promise more.</summary>
public sealed class PublicSurfaceTests
{
    [Fact]
    public void The_host_has_these_public_types_and_no_others() => Assert.Equal(
        [
            "ConsoleLevel", "ConsoleLine", "EnclaveAdapter", "EnclaveHost", "EnclaveOptions", "EnclaveServiceCollectionExtensions", "ErrorCode", "ErrorCodes",
            "ExecutionError", "ExecutionResult", "ExecutionStats", "IEnclave", "IsolationLayer", "PoolAdapterOptions", "PoolSnapshot", "RecycleReason", "RunOptions",
            "SecurityLevel", "ToolContext", "ToolException", "ToolHandler", "WorkerPoolOptions", "WorkerPoolPresets",
        ],
        Public(typeof(EnclaveHost).Assembly));

    [Fact]
    public void Of_the_protocol_only_values_are_public() => Assert.Equal(["ScriptValue", "ScriptValueKind"], Public(typeof(ScriptValue).Assembly));

    [Fact]
    public void The_guard_has_these_public_types_and_no_others() => Assert.Equal(
        [
            "ArgumentRule", "ArgumentTypes", "CustomScorer", "ExternalScorer", "ExternalScorerOptions", "FailureMode", "GuardIssue", "GuardOptions", "GuardPreset", "IScriptScorer",
            "IssueSeverity", "LoopKinds", "ProgressiveScorer", "RequiredFunctions", "RiskLevel", "RuleBasedScorer", "ScoreCombination", "ScoreOutcome", "ScoreRequest", "ScoreResult",
            "ScoreSignal", "ScoreVerdict", "ScoringOptions", "ScoringRule", "ScriptFeatures", "SensitiveCategory", "SensitiveField", "SignalLevel", "SourceLocation", "ToolCallFeatures", "ValidationResult",
        ],
        Public(typeof(GuardPreset).Assembly));

    [Fact]
    public void Of_the_front_end_these_types_are_public_beside_the_tree() => Assert.Equal(
        [
            "AstRewriter", "AstVisitor", "Binding", "BindingKind", "Comment", "CommentKind", "Keep", "LanguageEdition", "LanguageMode", "LineMap", "ParseError", "ParseErrorCode",
            "ParseResult", "Parser", "ParserOptions", "PrintResult", "PrintStyle", "Printer", "PrinterOptions", "PrivateName", "Reference", "Scope", "ScopeAnalysis",
            "ScopeKind", "ScopeTree", "SourceMap", "SourcePosition", "Token", "TokenType", "TopLevel",
        ],
        [.. typeof(Parser).Assembly.GetExportedTypes().Where((type) => !type.IsNested && type.Namespace != typeof(Node).Namespace).Select((type) => type.Name).Order(StringComparer.Ordinal)]);

    [Fact]
    public void Every_error_code_has_its_page()
    {
        foreach (ErrorCode code in Enum.GetValues<ErrorCode>())
        {
            Assert.True(File.Exists(Path.Combine(Repository.Root, "docs", "errors", $"{code.ToCode()}.md")), $"docs/errors/{code.ToCode()}.md is missing");
        }
    }

    private static string[] Public(Assembly assembly) => [.. assembly.GetExportedTypes().Where((type) => !type.IsNested).Select((type) => type.Name).Order(StringComparer.Ordinal)];
}
