using System.CommandLine;
using Enclave.Cli.Commands;
using Enclave.Cli.Options;
using Enclave.Cli.Parse.Estree;
using Enclave.Cli.Terminals;
using Enclave.JavaScript;
using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Parsing;
using Enclave.JavaScript.Printing;

namespace Enclave.Cli.Parse;

/// <summary>The options of <c>enclave parse</c>.</summary>
internal sealed class ParseCommand
{
    private readonly Argument<string[]> _files = OptionFactory.Files(new Argument<string[]>("FILE")
    {
        Description = "JavaScript or TypeScript files. - is standard input. A .mjs file is read as a module; .ts, .mts and .d.ts as TypeScript. " +
            "With several files, prints one line of JSON for each.",
        Arity = ArgumentArity.OneOrMore,
    });

    private readonly Option<bool> _module = new("--module") { Description = "Read every file as a module." };

    private readonly Option<bool> _body = new("--body")
    {
        Description = "Read every file like run, as the body of an async function, with return and await at its top level.",
    };

    private readonly Option<bool> _typeScript = new("--typescript")
    {
        Description = "Read every file as TypeScript: types are checked for syntax and dropped, and every offset is kept.",
    };

    private readonly Option<bool> _estree = new("--estree") { Description = "Print the tree like acorn, as ESTree in one line of JSON. This is the default." };

    private readonly Option<bool> _tokens = new("--tokens") { Description = "Print the tokens as a JSON array, with acorn's names for their types." };

    private readonly Option<bool> _scopes = new("--scopes")
    {
        Description = "Print the scopes, their declarations and the references to them. With --json as one JSON object.",
    };

    private readonly Option<bool> _print = new("--print")
    {
        Description = "Print the program again as text, without comments and with the fewest parentheses. With --json as a JSON string.",
    };

    private readonly Option<bool> _compact = new("--compact") { Description = "With --print: without unneeded white space, as the engine gets it." };

    private readonly Option<bool> _locations = new("--locations") { Description = "With --estree: add lines and columns." };

    private readonly Option<LanguageEdition?> _edition = OptionFactory.Completed(
        OptionFactory.Value<LanguageEdition>(
            "--edition", "EDITION", "2025, or latest (default), which also has using declarations.", "2025 or latest", TryParseEdition), ["2025", "latest"]);

    private readonly Option<bool> _json = new("--json")
    {
        Description = "Print only JSON: for a file with a syntax error, an object with the error on standard output. The exit code is then 4, as always.",
    };

    private ParseCommand()
    {
    }

    public static Command Create(Terminal terminal, Interrupt interrupt)
    {
        var parse = new ParseCommand();
        var command = new Command("parse", "Parses JavaScript or TypeScript without running it, and prints its tree, tokens, scopes or text.")
        {
            parse._files, parse._module, parse._body,
                parse._typeScript, parse._estree, parse._tokens, parse._scopes, parse._print, parse._compact, parse._locations, parse._edition, parse._json,
        };
        command.SetAction((parsed, _) => new ParseRun(terminal, parse.Request(parsed)).RunAsync(interrupt.Token));
        HelpExamples.Add(
            command,
            "enclave parse script.js | jq .body[0].type",
            "echo 'let a = b' | enclave parse - --scopes",
            "echo 'return await callTool(\"rate\")' | enclave parse - --body",
            "enclave parse bundle.min.js --print > readable.js",
            "enclave parse typed.ts --print > plain.js",
            "enclave parse src/*.js --json > trees.jsonl",
            "enclave parse script.js > /dev/null; echo $?    # 0 a program, 2 no such file, 4 a syntax error");
        return command;
    }

    private static bool TryParseEdition(string text, out LanguageEdition edition)
    {
        edition = text == "2025" ? LanguageEdition.Es2025 : LanguageEdition.Latest;
        return text is "2025" or "latest";
    }

    private ParseRequest Request(System.CommandLine.ParseResult parsed)
    {
        string[] files = parsed.GetValue(_files)!;
        TextFile.CheckOnce(files, "parse");
        ParseView view = View(parsed);
        bool locations = parsed.GetValue(_locations);
        if (locations && view != ParseView.Tree) throw new UsageException("--locations needs --estree: tokens have offsets, scopes have lines and columns.");
        bool body = parsed.GetValue(_body);
        if (body && parsed.GetValue(_module)) throw new UsageException("give --module or --body, not both.");
        bool compact = parsed.GetValue(_compact);
        if (compact && view != ParseView.Text) throw new UsageException("--compact needs --print.");
        return new ParseRequest
        {
            Files = files,
            View = view,
            Positions = locations ? EstreePositions.Lines : EstreePositions.Offsets,
            Style = compact ? PrinterOptions.Compact : PrinterOptions.Readable,
            Json = parsed.GetValue(_json),
            Options = new ParserOptions
            {
                Goal = parsed.GetValue(_module) ? SourceGoal.Module : SourceGoal.Script,
                // As `enclave run` parses.
                TopLevel = body ? TopLevel.Return | TopLevel.Await : TopLevel.None,
                Mode = body ? LanguageMode.Strict : LanguageMode.Sloppy,
                Language = parsed.GetValue(_typeScript) ? SourceLanguage.TypeScript : SourceLanguage.JavaScript,
                Edition = parsed.GetValue(_edition) ?? LanguageEdition.Latest,
                Keep = view == ParseView.Tokens ? Keep.Tokens : Keep.Tree,
            },
        };
    }

    private ParseView View(System.CommandLine.ParseResult parsed)
    {
        (Option<bool> Option, ParseView View)[] views =
            [(_estree, ParseView.Tree), (_tokens, ParseView.Tokens), (_scopes, ParseView.Scopes), (_print, ParseView.Text)];
        (Option<bool> Option, ParseView View)[] asked = [.. views.Where((view) => parsed.GetValue(view.Option))];
        if (asked.Length > 1) throw new UsageException($"give {string.Join(" or ", asked.Select((view) => view.Option.Name))}, not both.");
        return asked.Length == 0 ? ParseView.Tree : asked[0].View;
    }
}
