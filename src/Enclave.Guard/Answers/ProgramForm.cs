using System.Collections.Immutable;
using Enclave.Guard.Transforms;
using Enclave.JavaScript;
using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Parsing;
using Enclave.JavaScript.Scopes;
using Enclave.JavaScript.Text;

namespace Enclave.Guard.Answers;

/// <summary>
/// Turns a program that has its code in a function into a script. Files for Node and modules look so:
/// <c>async function main() { … }</c>, <c>export default async () =&gt; …</c>.
/// </summary>
/// <remarks>Line ends stay where they are, so a place in the script is the same place in the block. A form that
/// it does not recognise goes to the guard unchanged.</remarks>
internal sealed partial class ProgramForm
{
    private static readonly ParserOptions s_script = new()
    {
        TopLevel = TopLevel.Return | TopLevel.Await,
        Edition = LanguageEdition.Latest,
        Mode = LanguageMode.Strict,
    };

    private readonly string _text;
    private readonly ImmutableArray<Statement> _all;
    private readonly Statement[] _statements;
    private readonly ScopeTree _scopes;
    private readonly SourceEdits _edits;
    private readonly (int Start, int End)[] _types = [];

    // The statement that starts the program, and is replaced where that is needed.
    private Statement? _start;

    private ProgramForm(string text, ParseResult parsed, ParserOptions options, WorkMeter meter)
    {
        Program program = parsed.Program!;
        if (parsed.Language == SourceLanguage.TypeScript && program.Goal == SourceGoal.Module) _types = [.. TypeExports.In(text, program, options, meter)];
        _text = text;
        _all = program.Body;
        _statements = [.. program.Body.Where((statement) => !IsIdle(statement))];
        _scopes = ScopeAnalysis.Analyze(program, meter);
        _edits = new SourceEdits(text);
    }

    /// <summary>Makes the script for a text.</summary>
    /// <param name="text">The content of the block, or the whole answer.</param>
    /// <param name="tag">The language that the block names; empty if it names none.</param>
    /// <param name="meter">Bounds the work on the whole answer.</param>
    /// <exception cref="OperationCanceledException">The caller no longer waits.</exception>
    public static ExtractedProgram Of(string text, string tag, WorkMeter meter)
    {
        bool isTyped = tag.StartsWith("ts", StringComparison.OrdinalIgnoreCase) || tag.Equals("typescript", StringComparison.OrdinalIgnoreCase)
            || tag.Equals("mts", StringComparison.OrdinalIgnoreCase);
        try
        {
            ParserOptions options = s_script with { Language = isTyped ? SourceLanguage.TypeScript : SourceLanguage.Either };
            ParseResult parsed = ScriptOrModule(text, options, meter);
            if (!parsed.Success && IsNameless(text) && Parser.Parse(Parenthesized(text), options, meter) is { Success: true } wrapped)
                (parsed, text) = (wrapped, Parenthesized(text));
            if (!parsed.Success && WithLastObject(text) is { } mended && Parser.Parse(mended, options, meter) is { Success: true } inBrackets)
                (parsed, text) = (inBrackets, mended);
            if (!parsed.Success) return new ExtractedProgram(text) { IsProgram = false, IsTyped = isTyped };
            return new ProgramForm(text, parsed, options, meter).Script() with { IsTyped = isTyped };
        }
        catch (Exception limit) when (limit is WorkLimitException or InsufficientExecutionStackException)
        {
            // The guard has such a limit too and reports it.
            return new ExtractedProgram(text) { IsProgram = false, IsTyped = isTyped };
        }
    }

    /// <summary>The comments, template pieces and strings of a text; null if it is not a program.</summary>
    public static CoveredText? CoveredTextOf(string text, WorkMeter meter)
    {
        try
        {
            ParserOptions options = s_script with { Language = SourceLanguage.Either, Keep = Keep.Comments };
            return ScriptOrModule(text, options, meter) is { Success: true } parsed ? new CoveredText(parsed.Program, parsed.Comments) : null;
        }
        catch (Exception limit) when (limit is WorkLimitException or InsufficientExecutionStackException)
        {
            return null;
        }
    }

    private static ParseResult ScriptOrModule(string text, ParserOptions options, WorkMeter meter) =>
        Parser.Parse(text, options, meter) is { Success: true } script ? script : Parser.Parse(text, options with { Goal = SourceGoal.Module }, meter);

    /// <summary>True if a text may be a single function without a name. Such a text is an expression, not a statement.</summary>
    private static bool IsNameless(string text) => text.Contains("function", StringComparison.Ordinal);

    /// <summary>The text with brackets around an object that begins its last lines, where the grammar takes it for a block. Null if there is none.</summary>
    private static string? WithLastObject(string text)
    {
        int line = text.LastIndexOf("\n{", StringComparison.Ordinal);
        return line < 0 ? null : text[..(line + 1)] + Parenthesized(text[(line + 1)..]);
    }

    private static string Parenthesized(string text) => $"({text.TrimEnd().TrimEnd(';')}\n)";

    private ExtractedProgram Script()
    {
        bool isModule = _statements.Any((statement) => statement is ImportDeclaration or ExportAllDeclaration or ExportNamedDeclaration { Source: not null });
        if (_statements.Length == 0) return AnswerText.Refused("The program is empty: send one with statements, in one block that begins with ```js.");
        if (isModule) return AsItIs();
        if (Entry() is var (entry, statement))
        {
            _start = statement;
            return OfEntry(entry, statement);
        }

        if (_statements[^1] is ExportDefaultDeclaration { Declaration: ClassDeclaration })
        {
            return AnswerText.Refused("The program exports a class, and nobody creates an object of it: end it with return and the value.");
        }

        (IFunction Function, Identifier Name)? uncalled = Uncalled();
        if (uncalled is { } starts && (starts.Name.Name == "main" || starts.Function.Params.IsEmpty)) return OfDeclaration(starts, null);
        if (OfExportedValue() is { } value) return value;
        return uncalled is { } declared ? OfDeclaration(declared, null) : OfLastValue();
    }

    /// <summary>The statement that starts the program: the last one, or the last one before the functions that it calls.</summary>
    private (EntryPoint Entry, Statement Statement)? Entry()
    {
        int last = LastThatRuns;
        if (last < 0 || EntryPoint.Of(_statements[last]) is not { } entry) return null;
        // The export of a value is no entry, and neither is the export of a name, unless it names a function.
        if (_statements[last] is ExportDefaultDeclaration && entry.Use == EntryUse.Calls) return null;
        if (_statements[last] is ExportNamedDeclaration && FunctionOf(entry.Name!.Name) is null) return null;
        // Only the last expression of a script is its value and is awaited.
        return (last < _statements.Length - 1 && entry.Use == EntryUse.Calls ? entry with { Use = EntryUse.CallsAside } : entry, _statements[last]);
    }

    /// <summary>A program in which a statement calls a function or hands one out.</summary>
    private ExtractedProgram OfEntry(EntryPoint entry, Statement last)
    {
        if (entry.Function is { } function)
        {
            if (entry.Call is { Arguments.IsEmpty: false }) return Edited();
            var given = EntryArguments.For(function, _scopes);
            if (Refusal(function, given) is { } refusal) return refusal;
            if (_statements.Length == 1 && given.MayBeRemoved && MayStandAlone(function, function.Id, null)) return Unwrapped(function);
            if (entry.Use == EntryUse.Calls) return Edited();
            var node = (Node)function;
            _edits.Replace(last.Start, node.Start, "return await (");
            _edits.Replace(node.End, last.End, $")({ArgumentsOf(function, given)});");
            return Edited();
        }

        if (entry.Name is not { } name || FunctionOf(name.Name) is not { } declared) return OfOther(entry, last);
        return entry.Call is { Arguments.IsEmpty: false } call ? Called(call, entry.Use, last) : OfDeclaration(declared, last);
    }

    /// <summary>Handles a call or an export of something that is not one of the program's own functions.</summary>
    private ExtractedProgram OfOther(EntryPoint entry, Statement last)
    {
        if (entry.Use != EntryUse.Exports || entry.Name is not { } name) return OfLastValue();
        _edits.Replace(last.Start, last.End, $"return {name.Name};");
        return Edited();
    }

    private ExtractedProgram Called(CallExpression call, EntryUse use, Statement last)
    {
        if (use == EntryUse.CallsAside)
        {
            _edits.Replace(last.Start, call.Start, "return await ");
            _edits.Replace(call.End, last.End, ";");
        }

        return Edited();
    }

    /// <summary>Handles a program whose code is in a function that it declares.</summary>
    /// <param name="declared">The function and its name.</param>
    /// <param name="start">The statement that calls or exports it; null if none does.</param>
    private ExtractedProgram OfDeclaration((IFunction Function, Identifier Name) declared, Statement? start)
    {
        var given = EntryArguments.For(declared.Function, _scopes);
        if (Refusal(declared.Function, given) is { } refusal) return refusal;
        bool isAlone = _statements.Length == (start is null ? 1 : 2);
        if (isAlone && given.MayBeRemoved && MayStandAlone(declared.Function, declared.Name, start)) return Unwrapped(declared.Function);
        string call = $"return await {declared.Name.Name}({ArgumentsOf(declared.Function, given)});";
        if (start is null) _edits.Append(call);
        else _edits.Replace(start.Start, start.End, call);
        return Edited();
    }

    /// <summary>The arguments of the call as text. Parameters that stand for globals go: the checks of calls know the globals.</summary>
    private string ArgumentsOf(IFunction function, EntryArguments given)
    {
        if (!given.MayBeRemoved || function.Params.IsEmpty) return given.Text;
        int start = function.Params[0].Start;
        if (function is not ArrowFunctionExpression arrow) _edits.Replace(start, function.Body.Start, ") ");
        else if (arrow.Body is not BlockStatement) return given.Text;
        else if (_text.AsSpan(arrow.Start, start - arrow.Start).TrimEnd() is [.., '(']) _edits.Replace(start, arrow.Body.Start, ") => ");
        else _edits.Replace(start, arrow.Body.Start, "() => ");
        return "";
    }

    /// <summary>Replaces the program with the body of a function that takes no arguments.</summary>
    private ExtractedProgram Unwrapped(IFunction function)
    {
        if (function.Body is BlockStatement block)
        {
            _edits.Replace(0, block.Start + 1);
            _edits.Replace(block.End - 1, _text.Length);
            // A function without a return has the value undefined, but a script has the value of its last expression: append a return.
            if (block.Body is [.., ExpressionStatement]) _edits.Append("return;");
        }
        else
        {
            _edits.Replace(0, function.Body.Start, "return (");
            _edits.Replace(function.Body.End, _text.Length, ");");
        }

        return new ExtractedProgram(_edits.ToString());
    }

    private static ExtractedProgram? Refusal(IFunction function, EntryArguments given)
    {
        if (function.IsGenerator)
            return AnswerText.Refused("The program is a generator, and nobody runs it: write its statements at the top level, and end with return.");
        return given.Missing is not { } name ? null : AnswerText.Refused(
            $"The function that the program begins with gets no value for its parameter {name}: write the value into the script, const id = 1, " +
            "and its statements at the top level, with return.");
    }

    /// <summary>True if a function's body means the same outside of it, without parameters: only the starting statement uses its name.</summary>
    private bool MayStandAlone(IFunction function, Identifier? name, Statement? start)
    {
        foreach (Reference reference in _scopes.References)
        {
            if (reference.IsDeclarator || reference.Binding is not { } binding) continue;
            if (binding.Declaration is null && binding.Name == "arguments") return false;
            bool isStart = start is not null && reference.Identifier.Start >= start.Start && reference.Identifier.End <= start.End;
            if (name is not null && !isStart && ReferenceEquals(binding.Declaration, name) && !IsExported(reference.Identifier)) return false;
        }

        return true;
    }

    /// <summary>The one function that the program declares and never calls. If there are several, the one named main.</summary>
    private (IFunction Function, Identifier Name)? Uncalled()
    {
        (IFunction Function, Identifier Name)? found = null;
        var seen = new HashSet<Binding>();
        foreach (Statement statement in _statements)
        {
            if (statement is ExportNamedDeclaration { Declaration: null }) continue;
            if (DeclarationIn(statement) is not { } declaration)
            {
                // A program with statements that do something needs no start.
                if (Declared(statement) is not (VariableDeclaration or ClassDeclaration) || TopLevelAwait.In(statement)) return null;
                continue;
            }

            Binding binding = _scopes.DeclarationOf(declaration.Name)!;
            // The name is declared twice, so it is unclear which function is meant.
            if (!seen.Add(binding)) return null;
            bool isCalled = binding.References.Any((reference) =>
                !reference.IsDeclarator && !IsWithin(reference.Identifier, (Node)declaration.Function) && !IsExported(reference.Identifier));
            if (isCalled) continue;
            if (declaration.Name.Name == "main") return declaration;
            if (found is not null) return null;
            found = declaration;
        }

        return found;
    }

    private (IFunction Function, Identifier Name)? FunctionOf(string name)
    {
        foreach (Statement statement in _statements)
        {
            if (DeclarationIn(statement) is { } declaration && declaration.Name.Name == name) return declaration;
        }

        return null;
    }

    private static Statement Declared(Statement statement) => statement is ExportNamedDeclaration { Declaration: { } declaration } ? declaration : statement;

    private static (IFunction Function, Identifier Name)? DeclarationIn(Statement statement) => Declared(statement) switch
    {
        FunctionDeclaration { Id: { } name } function => (function, name),
        ExportDefaultDeclaration { Declaration: FunctionDeclaration { Id: { } name } function } => (function, name),
        VariableDeclaration { Declarations: [{ Id: Identifier name, Init: IFunction function }] } => (function, name),
        _ => null,
    };

    private static bool IsWithin(Identifier identifier, Node node) => identifier.Start >= node.Start && identifier.End <= node.End;

    private ExtractedProgram AsItIs() => new(_text);

    private ExtractedProgram Edited()
    {
        foreach (Statement statement in _all)
        {
            // The statement that starts the program has been replaced already.
            if (statement == _start) continue;
            if (statement is ExportNamedDeclaration { Declaration: { } declaration }) _edits.Replace(statement.Start, declaration.Start);
            else if (statement is ExportNamedDeclaration { Source: null } || IsIdleExport(statement)) _edits.Replace(statement.Start, statement.End);
            if (statement is ExportDefaultDeclaration { Declaration: FunctionDeclaration { Id: not null } function })
                _edits.Replace(statement.Start, function.Start);
        }

        foreach (Statement statement in _statements)
        {
            if (statement == _start || statement is not IfStatement { Alternate: null, Test: var test } || !EntryPoint.AsksForMain(test)) continue;
            // Another statement starts the program, or this one does.
            if (_start is not null) _edits.Replace(statement.Start, statement.End);
            else _edits.Replace(test.Start, test.End, "true");
        }

        foreach ((int start, int end) in _types) _edits.Replace(start, end);
        if (CommonJsExports().Any((export) => export.Statement != _start))
            _edits.Replace(0, 0, "const module = { exports: {} }, exports = module.exports; ");

        return new ExtractedProgram(_edits.ToString());
    }
}
