using Enclave.Cli.Commands;
using Enclave.Cli.Parse.Estree;
using Enclave.Cli.Terminals;
using Enclave.JavaScript;
using Enclave.JavaScript.Parsing;
using Enclave.JavaScript.Printing;
using Enclave.JavaScript.Scopes;

namespace Enclave.Cli.Parse;

using Program = Enclave.JavaScript.Ast.Program;

/// <summary>Prints the result of one file.</summary>
internal sealed class ParsePrinter(Terminal terminal, ParseRequest request, string file)
{
    private bool IsOneOfMany => request.Files.Count > 1;

    public void Print(string source, ParseResult result)
    {
        Program program = result.Program!;
        if (request.View == ParseView.Scopes && !request.Json && !IsOneOfMany)
        {
            terminal.Output.WriteText(new ScopeText(source, ScopeAnalysis.Analyze(program)).ToString());
            return;
        }

        if (request.View == ParseView.Text && !request.Json && !IsOneOfMany)
        {
            terminal.Output.WriteText(Text(program));
            return;
        }

        PrintJson(Member, (output) => Write(source, result, program, output));
    }

    /// <summary>Prints a syntax error.</summary>
    public void PrintError(string source, ParseError error)
    {
        if (IsOneOfMany) PrintJson("error", (output) => output.Write(ParseJson.Error(error)));
        else if (request.Json) terminal.Output.WriteJson(ParseJson.Error(error));
        else terminal.Error.WriteLine($"{TextFile.NameOf(file)}: {error.Show(source)}", Ink.Error);
    }

    /// <summary>Prints that a file among several cannot be read.</summary>
    public void PrintUnreadable(string message) => PrintJson("error", (output) => output.Write(ParseJson.Error(message)));

    private string Member => request.View switch
    {
        ParseView.Tokens => "tokens",
        ParseView.Scopes => "scopes",
        ParseView.Text => "text",
        _ => "ast",
    };

    private string Text(Program program)
    {
        string text = Printer.Print(program, request.Style);
        return text.EndsWith('\n') ? text : text + "\n";
    }

    private void Write(string source, ParseResult result, Program program, TextWriter output)
    {
        switch (request.View)
        {
            case ParseView.Tokens: TokenJson.Write(source, result, output); break;
            case ParseView.Text: output.Write(ParseJson.Quote(Text(program))); break;
            case ParseView.Scopes: output.Write(ScopeJson.Write(ScopeAnalysis.Analyze(program))); break;
            default: EstreeWriter.Write(program, source, request.Positions, output); break;
        }
    }

    /// <summary>Prints one line: the value; with several files an object with the file's name and the value.</summary>
    private void PrintJson(string member, Action<TextWriter> value)
    {
        // A tree may be many times as long as its text, so programs get it in pieces.
        if (terminal.Output.Plain is { } plain)
        {
            WriteLine(plain, member, value);
            plain.Write('\n');
            return;
        }

        using var line = new StringWriter();
        WriteLine(line, member, value);
        terminal.Output.WriteJson(line.ToString());
    }

    private void WriteLine(TextWriter output, string member, Action<TextWriter> value)
    {
        if (IsOneOfMany) output.Write($"{{\"file\":{ParseJson.Quote(file)},\"{member}\":");
        value(output);
        if (IsOneOfMany) output.Write('}');
    }
}
