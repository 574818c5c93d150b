using Enclave.Cli.Commands;
using Enclave.Cli.Terminals;
using Enclave.JavaScript;
using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Parsing;
using Enclave.JavaScript.Text;

namespace Enclave.Cli.Parse;

/// <summary>Parses files and prints the requested view.</summary>
internal sealed class ParseRun(Terminal terminal, ParseRequest request)
{
    // A UTF-16 unit takes at most three bytes, so a file with more bytes has more units than the parser accepts.
    private const int MaxBytesPerUnit = 3;

    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        int code = ExitCode.Success;
        foreach (string file in request.Files)
        {
            int one = await RunAsync(file, cancellationToken).ConfigureAwait(false);
            // The exit code for an unreadable file takes precedence over a syntax error's.
            if (code != ExitCode.Usage && one != ExitCode.Success) code = one;
        }

        return code;
    }

    private async Task<int> RunAsync(string file, CancellationToken cancellationToken)
    {
        var printer = new ParsePrinter(terminal, request, file);
        string? source;
        try
        {
            source = await TextFile.ReadAsync(file, (long)request.Options.MaxSourceLength * MaxBytesPerUnit, cancellationToken).ConfigureAwait(false);
        }
        catch (UsageException fault) when (request.Files.Count > 1)
        {
            printer.PrintUnreadable(fault.Message);
            return ExitCode.Usage;
        }

        if (source is null)
        {
            string message = $"The file is longer than {request.Options.MaxSourceLength} UTF-16 units";
            printer.PrintError("", new ParseError(ParseErrorCode.TooLong, message, 0, new SourcePosition(1, 0)));
            return ExitCode.Refused;
        }

        // On another thread, so that a long parse can be abandoned when the user interrupts.
        ParseResult result = await Task.Run(() => Parser.Parse(source, OptionsFor(file)), CancellationToken.None)
            .WaitAsync(cancellationToken).ConfigureAwait(false);
        if (!result.Success)
        {
            printer.PrintError(source, result.Error);
            return ExitCode.Refused;
        }

        printer.Print(source, result);
        return ExitCode.Success;
    }

    private ParserOptions OptionsFor(string file)
    {
        ParserOptions options = request.Options with { Language = LanguageOf(file) ?? request.Options.Language };
        // A body has its own goal. TypeScript files are read as modules; a script without import and export is also valid as one.
        bool isModule = file.EndsWith(".mjs", StringComparison.Ordinal) || LanguageOf(file) is not null;
        return isModule && options.TopLevel == TopLevel.None ? options with { Goal = SourceGoal.Module } : options;
    }

    private static SourceLanguage? LanguageOf(string file)
    {
        if (file.EndsWith(".d.ts", StringComparison.Ordinal) || file.EndsWith(".d.mts", StringComparison.Ordinal)) return SourceLanguage.TypeScriptDeclarations;
        return file.EndsWith(".ts", StringComparison.Ordinal) || file.EndsWith(".mts", StringComparison.Ordinal) ? SourceLanguage.TypeScript : null;
    }
}
